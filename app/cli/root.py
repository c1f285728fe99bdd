"""`cdc` and its groups of commands."""

import typer

from app.cli import (
    account,
    audit,
    client,
    database,
    demo,
    erasing,
    evaluate,
    export,
    importing,
    index,
    keys,
    linking,
    model,
    openapi,
    policy,
    quality,
    report,
    serve,
)

app = typer.Typer(
    name="cdc",
    help="Customer Data Center: one identity for each customer, and who may see their records.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve.serve)
app.command("init")(database.init)
app.command("import")(importing.import_file)
app.command("quality")(quality.quality)
app.command("demo")(demo.demo)
app.command("evaluate")(evaluate.evaluate)
app.command("link")(linking.link)
app.command("openapi")(openapi.openapi)
app.add_typer(database.app, name="db")
app.add_typer(export.app, name="export")
app.add_typer(client.app, name="client")
app.add_typer(account.app, name="account")
app.add_typer(audit.app, name="audit")
app.add_typer(model.app, name="model")
audit.app.command("report")(report.report)
app.add_typer(index.app, name="index")
app.add_typer(keys.app, name="keys")
app.add_typer(policy.app, name="policy")
app.add_typer(erasing.app, name="erase")


def main() -> None:
    """The console script's entry."""
    app()
