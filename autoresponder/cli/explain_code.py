"""`autoresponder explain-code`: what a code of a finding means, with an example; works without a network."""

from __future__ import annotations

from difflib import get_close_matches

import click

from autoresponder.lint.codes import CODES


@click.command("explain-code")
@click.argument("code", required=False, metavar="[CODE]")
def command(code: str | None) -> None:
    """Explain a code that `check` shows, such as S001; without one, list them all."""
    if code is None:
        for name, known in sorted(CODES.items()):
            click.echo(f"{name}  {known.what}")
        return
    name = code.strip().upper()
    found = CODES.get(name)
    if found is None:
        near = get_close_matches(name, CODES, n=1)
        hint = f" Did you mean {near[0]}?" if near else " List them all with: autoresponder explain-code"
        raise click.UsageError(f"There is no code '{code[:20]}'.{hint}")
    click.echo(f"{name}  {found.what}")
    if found.why:
        click.echo(f"\n{found.why}")
    if found.wrong:
        click.echo("\nInstead of\n")
        click.echo("\n".join(f"    {line}" for line in found.wrong))
        click.echo("\nwrite\n")
        click.echo("\n".join(f"    {line}" for line in found.right))
