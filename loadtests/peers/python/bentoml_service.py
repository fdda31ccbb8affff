"""BentoML with everything in one process: the cheapest it can be for a model this small."""

import bentoml
import redis.asyncio as redis
from pydantic import BaseModel
from work import REDIS_URL, answer, keys, open_session, row, scores


class Model(BaseModel):
    name: str
    version: int


class Answer(BaseModel):
    """A model and not a dict: BentoML makes a dict's schema anew for every answer."""

    transactionId: str
    score: float
    decision: str
    model: Model


@bentoml.service(workers=1, traffic={"timeout": 10}, logging={"access": {"enabled": False}})
class Scoring:
    def __init__(self):
        self.session = open_session()
        self.store = redis.Redis.from_url(REDIS_URL)

    @bentoml.api(route="/score")
    async def score(
        self,
        id: str,
        occurredAt: str,
        amountMinor: int,
        currency: str,
        cardId: str,
        merchantId: str,
        merchantCategoryCode: str,
        terminalId: str,
        channel: str,
        entryMode: str,
        country: str,
        latitude: float = 0,
        longitude: float = 0,
    ) -> Answer:
        transaction = {
            "id": id,
            "occurredAt": occurredAt,
            "amountMinor": amountMinor,
            "currency": currency,
            "cardId": cardId,
            "merchantId": merchantId,
            "merchantCategoryCode": merchantCategoryCode,
            "terminalId": terminalId,
            "channel": channel,
            "entryMode": entryMode,
            "country": country,
            "latitude": latitude,
            "longitude": longitude,
        }
        card, merchant = await self.store.mget(keys(transaction))
        [probability] = scores(self.session, [row(transaction, card, merchant)])
        return Answer(**answer(transaction, probability))
