"""An exhaustive check of one reply's life: every order of steps, crashes and losses within given bounds."""
