"""Ray Serve with @serve.batch, its settings for throughput, straight to the replica's own port."""

import os
import signal
import threading

import orjson
import ray
import redis.asyncio as redis
from ray import serve
from ray.serve.config import HTTPOptions
from ray.serve.schema import LoggingConfig
from starlette.requests import Request
from starlette.responses import Response

quiet = LoggingConfig(enable_access_log=False, log_level="WARNING")


@serve.deployment(
    num_replicas=1, max_ongoing_requests=256, ray_actor_options={"num_cpus": 1}, logging_config=quiet
)
class Scoring:
    def __init__(self):
        from work import REDIS_URL, open_session

        self.session = open_session()
        self.store = redis.Redis.from_url(REDIS_URL)

    @serve.batch(max_batch_size=64, batch_wait_timeout_s=0)
    async def predict(self, rows):
        from work import scores

        return scores(self.session, rows)

    async def __call__(self, request: Request) -> Response:
        from work import answer, is_transaction, keys, row

        transaction = orjson.loads(await request.body())
        if not is_transaction(transaction):
            return Response(status_code=400)
        card, merchant = await self.store.mget(keys(transaction))
        probability = await self.predict(row(transaction, card, merchant))
        return Response(orjson.dumps(answer(transaction, probability)), media_type="application/json")


if __name__ == "__main__":
    ray.init(
        address="local",
        num_cpus=2,
        include_dashboard=False,
        _node_ip_address="127.0.0.1",
        object_store_memory=200 * 2**20,
        runtime_env={"env_vars": {"PYTHONPATH": os.path.dirname(os.path.abspath(__file__))}},
        log_to_driver=False,
    )
    # The proxy gets a port beside: the load goes to the replica's.
    proxy_port = int(os.environ["PEER_PORT"]) + 50
    serve.start(http_options=HTTPOptions(host="127.0.0.1", port=proxy_port), logging_config=quiet)
    serve.run(Scoring.bind(), route_prefix="/score")
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    while not stopped.wait(1):
        pass
    serve.shutdown()
    ray.shutdown()
