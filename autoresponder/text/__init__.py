"""Guest text: normalising, sentences, phrases, language; pure."""
