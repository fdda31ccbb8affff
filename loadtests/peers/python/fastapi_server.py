"""FastAPI with the fast parts: uvloop, httptools, orjson, hiredis."""

import orjson
import redis.asyncio as redis
from fastapi import FastAPI, Response
from pydantic import BaseModel
from work import REDIS_URL, answer, keys, open_session, row, scores


class Transaction(BaseModel):
    id: str
    occurredAt: str
    amountMinor: int
    currency: str
    cardId: str
    merchantId: str
    merchantCategoryCode: str
    terminalId: str
    channel: str
    entryMode: str
    country: str
    latitude: float | None = None
    longitude: float | None = None


app = FastAPI()
session = open_session()
store = redis.Redis.from_url(REDIS_URL)


@app.post("/score")
async def score(body: Transaction) -> Response:
    transaction = body.__dict__
    card, merchant = await store.mget(keys(transaction))
    [probability] = scores(session, [row(transaction, card, merchant)])
    return Response(orjson.dumps(answer(transaction, probability)), media_type="application/json")
