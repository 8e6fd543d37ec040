// Queue a hit on SQS, as Active Elastic Job would. Environment: QUEUE, INGEST_SECRET, AWS_REGION, credentials.

import { createHmac, randomUUID } from "node:crypto";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { argumentsOf } from "./job.js";

const { QUEUE = "hits", INGEST_SECRET } = process.env;
if (!INGEST_SECRET) throw new Error("Set INGEST_SECRET to the secret that you share with Space Pizzas.");

const text = (value) => ({ DataType: "String", StringValue: value });

// Under this id the hit counts once. To send a hit again, send the same body.
const body = JSON.stringify({
  job_class: "KilledShip",
  job_id: randomUUID(),
  queue_name: QUEUE,
  arguments: [argumentsOf(process.argv.slice(2))],
  enqueued_at: new Date().toISOString(),
});

const client = new SQSClient();
const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: QUEUE }));
await client.send(
  new SendMessageCommand({
    QueueUrl,
    MessageBody: body,
    MessageAttributes: {
      origin: text("AEJ"),
      "message-digest": text(createHmac("sha1", INGEST_SECRET).update(body).digest("hex")),
    },
  }),
);
console.log(`Queued on ${QUEUE}: ${body}`);
