// N players of the peer, each sending `inputs` key changes a second; counts patches for `seconds` and prints JSON.
import { Client } from "@colyseus/sdk";

const [port, players, inputs, seconds] = process.argv.slice(2).map(Number);
const client = new Client(`http://127.0.0.1:${port}`);
const rooms = [];
for (let i = 0; i < players; i += 1) {
  rooms.push(await client.joinOrCreate("arena"));
}

let frames = 0;
let bytes = 0;
let counting = false;
for (const room of rooms) {
  const transport = room.connection.transport;
  const socket = transport.ws;
  const deliver = socket.onmessage;
  // Only the frame is counted, not decoded: it is the server that is measured.
  socket.onmessage = (event) => {
    if (!counting) return deliver?.call(socket, event);
    frames += 1;
    bytes += event.data.byteLength ?? event.data.length;
  };
}

const timers = rooms.map((room) =>
  setInterval(() => room.send("input", Math.floor(Math.random() * 16)), 1000 / inputs),
);
console.log("ready");
for await (const _ of process.stdin) break;
counting = true;
setTimeout(() => {
  timers.forEach(clearInterval);
  console.log(JSON.stringify({ frames, bytes }));
  process.exit(0);
}, seconds * 1000);
