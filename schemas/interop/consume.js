'use strict';
// Reads the services' events with clients of another make: KafkaJS, and its registry client, which
// finds each record's schema by the id in its framing. Prints one JSON line per event.
//
//   node consume.js BROKER REGISTRY_URL [EXPECTED]
//
// Ends once it has read EXPECTED events, or all that was there when it started. Exit codes: 0; 1
// where an event cannot be read or its headers do not say what it says; 2 for bad usage.

const { Kafka, logLevel } = require('kafkajs');
const { SchemaRegistry } = require('@kafkajs/confluent-schema-registry');

const SERVICES = ['schedule', 'delegation', 'announcement'];
const TIMEOUT_MS = 60_000;

function headersOf(message) {
  const entries = Object.entries(message.headers).map(([name, value]) => [name, String(value)]);
  return Object.fromEntries(entries);
}

/** What is wrong with the CloudEvents headers (1.0, binary mode), as against the event itself. */
function faults(service, key, headers, event) {
  const expected = {
    ce_specversion: '1.0',
    ce_id: event.header.id,
    ce_source: `/negotiations/${event.header.negotiation}/${service}`,
    ce_subject: event.header.aggregate,
    ce_negotiation: event.header.negotiation,
    ce_aggregateversion: String(event.header.version),
  };
  const found = Object.entries(expected)
    .filter(([name, value]) => headers[name] !== value)
    .map(([name, value]) => `${name} is ${headers[name]}, not ${value}`);
  if (key !== event.header.negotiation) {
    found.push(`the key is ${key}, not ${event.header.negotiation}`);
  }
  if (!new RegExp(`^io\\.parley\\.${service}\\.[A-Z][A-Za-z]+$`).test(headers.ce_type ?? '')) {
    found.push(`ce_type is ${headers.ce_type}`);
  }
  if (Date.parse(headers.ce_time ?? '') !== Number(event.header.decidedAt)) {
    found.push(`ce_time is ${headers.ce_time}, not ${event.header.decidedAt}`);
  }
  return found;
}

/** Where each partition that holds anything ends. */
async function endsOf(kafka, topics) {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = new Map();
    for (const topic of topics) {
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
        if (Number(high) > Number(low)) {
          ends.set(`${topic}-${partition}`, Number(high));
        }
      }
    }
    return ends;
  } finally {
    await admin.disconnect();
  }
}

async function main() {
  const [broker, registryUrl, wanted] = process.argv.slice(2);
  if (!broker || !registryUrl || (wanted !== undefined && !/^[0-9]+$/.test(wanted))) {
    console.error('usage: node consume.js BROKER REGISTRY_URL [EXPECTED]');
    return 2;
  }
  const topics = SERVICES.map((service) => `${service}.events`);
  const kafka = new Kafka({ clientId: 'interop', brokers: [broker], logLevel: logLevel.ERROR });
  const registry = new SchemaRegistry({ host: registryUrl });
  const expected = wanted === undefined ? Infinity : Number(wanted);
  const ends = await endsOf(kafka, topics);
  if (expected === 0 || (wanted === undefined && ends.size === 0)) {
    return 0;
  }
  const consumer = kafka.consumer({ groupId: `interop-${process.pid}-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  let read = 0;
  try {
    return await new Promise((resolve, reject) => {
      setTimeout(
        () => reject(new Error(`only ${read} events within ${TIMEOUT_MS} ms`)),
        TIMEOUT_MS,
      ).unref();
      if (wanted === undefined) {
        // Offsets are no count of events: the marks of transactions have some too, and a batch that
        // holds nothing else is told of here alone.
        consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
          const name = `${payload.topic}-${payload.partition}`;
          if (Number(payload.lastOffset) + 1 >= ends.get(name)) {
            ends.delete(name);
          }
          if (ends.size === 0) {
            resolve(0);
          }
        });
      }
      consumer
        .run({
          eachMessage: async ({ topic, partition, message }) => {
            try {
              const service = topic.slice(0, -'.events'.length);
              const key = String(message.key);
              const headers = headersOf(message);
              const event = await registry.decode(message.value);
              const wrong = faults(service, key, headers, event);
              if (wrong.length > 0) {
                throw new Error(wrong.join('; '));
              }
              const at = { topic, partition, offset: Number(message.offset) };
              console.log(JSON.stringify({ ...at, key, headers, event }));
              read += 1;
              if (read === expected) {
                resolve(0);
              }
            } catch (error) {
              reject(new Error(`${topic}-${partition}@${message.offset}: ${error.message}`));
            }
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
