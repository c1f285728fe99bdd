"""What the figures are compared with: the least a service of this kind can do.

FastAPI and asyncpg as their own manuals show them: one SELECT by primary key, one INSERT, committed.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from fastapi import FastAPI, HTTPException, Request

SCHEMA = (
    "CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, born date NOT NULL)",
    "CREATE TABLE visits (id bigserial PRIMARY KEY, person integer NOT NULL, at timestamptz NOT NULL)",
    "INSERT INTO people SELECT n, 'person ' || n, DATE '1930-01-01' + n % 30000"
    " FROM generate_series(1, {}) AS n",
    "ANALYZE people",
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One pool for each worker, of as many connections as the CDC's."""
    async with asyncpg.create_pool(os.environ["BENCH_REFERENCE_URL"], min_size=8, max_size=8) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/no-op")
async def no_op() -> dict[str, str]:
    """Nothing but the framework."""
    return {"status": "ok"}


@app.get("/people/{person}")
async def visit(person: int, request: Request) -> dict[str, str | int]:
    """One SELECT by primary key and one INSERT."""
    async with request.app.state.pool.acquire() as connection:
        row = await connection.fetchrow("SELECT id, name, born FROM people WHERE id = $1", person)
        if row is None:
            raise HTTPException(404)
        await connection.execute("INSERT INTO visits (person, at) VALUES ($1, now())", person)
    return {"id": row["id"], "name": row["name"], "born": row["born"].isoformat()}


if __name__ == "__main__":
    uvicorn.run(
        "tests.bench.reference_app:app",
        port=int(os.environ["BENCH_REFERENCE_PORT"]),
        workers=int(os.environ["BENCH_WORKERS"]),
        log_level="warning",
        access_log=False,
    )
