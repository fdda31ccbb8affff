"""MLServer with a runtime of one's own; its batching is only for its own protocol, so there is none here."""

import orjson
import redis.asyncio as redis
from fastapi import Request, Response
from mlserver import MLModel
from mlserver.handlers import custom_handler
from work import REDIS_URL, answer, is_transaction, keys, open_session, row, scores


class Scoring(MLModel):
    async def load(self) -> bool:
        self.session = open_session()
        self.store = redis.Redis.from_url(REDIS_URL)
        return True

    @custom_handler(rest_path="/score")
    async def score(self, request: Request) -> Response:
        transaction = orjson.loads(await request.body())
        if not is_transaction(transaction):
            return Response(status_code=400)
        card, merchant = await self.store.mget(keys(transaction))
        [probability] = scores(self.session, [row(transaction, card, merchant)])
        return Response(orjson.dumps(answer(transaction, probability)), media_type="application/json")
