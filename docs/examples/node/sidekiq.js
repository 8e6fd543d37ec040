// Queue a hit in Redis, as Sidekiq would. Environment: QUEUE, REDIS_URL, NAMESPACE (if your Sidekiq has one).

import { promisify } from "node:util";
import { Redis } from "ioredis";
import Sidekiq from "sidekiq";
import { argumentsOf } from "./job.js";

const { QUEUE = "hits", REDIS_URL = "redis://127.0.0.1:6379/0", NAMESPACE } = process.env;

const redis = new Redis(REDIS_URL);
const sidekiq = new Sidekiq(redis, NAMESPACE);
const enqueue = promisify(sidekiq.enqueue.bind(sidekiq));

// The package gives each job an id of its own, under which the hit counts once.
const job = argumentsOf(process.argv.slice(2));
await enqueue("KilledShip", [job], { queue: QUEUE, retry: true });
await redis.quit();
console.log(`Queued on ${QUEUE}: ${JSON.stringify(job)}`);
