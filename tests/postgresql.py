"""Statements as whoever owns a PostgreSQL database."""

import asyncpg


async def execute(url: str, *statements: str) -> None:
    """Runs statements, each on its own, as PostgreSQL wants its CREATE DATABASE."""
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
