// The peer: a Colyseus room of ships that fly by the keys they are sent, 30 steps and 20 patches a second.
import { Room, Server } from "@colyseus/core";
import { MapSchema, schema } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";

const WORLD = 4096;

const Ship = schema({
  x: "float32",
  y: "float32",
  vx: "float32",
  vy: "float32",
  heading: "uint8",
  flags: "uint8",
});
const State = schema({ ships: { map: Ship } });

class Arena extends Room {
  maxClients = 200;
  patchRate = 50;

  onCreate() {
    this.state = new State();
    this.state.ships = new MapSchema();
    this.keys = new Map();
    this.onMessage("input", (client, keys) => this.keys.set(client.sessionId, keys));
    this.setSimulationInterval(() => this.step(), 1000 / 30);
  }

  onJoin(client) {
    const ship = new Ship();
    ship.x = Math.random() * WORLD;
    ship.y = Math.random() * WORLD;
    ship.vx = ship.vy = ship.heading = ship.flags = 0;
    this.state.ships.set(client.sessionId, ship);
    this.keys.set(client.sessionId, 1);
  }

  onLeave(client) {
    this.state.ships.delete(client.sessionId);
    this.keys.delete(client.sessionId);
  }

  step() {
    for (const [id, ship] of this.state.ships) {
      const keys = this.keys.get(id);
      if (keys & 2) ship.heading = (ship.heading + 252) % 256;
      if (keys & 4) ship.heading = (ship.heading + 4) % 256;
      const angle = (ship.heading / 256) * 2 * Math.PI;
      if (keys & 1) {
        ship.vx += Math.cos(angle) * 0.3;
        ship.vy += Math.sin(angle) * 0.3;
      }
      ship.vx *= 0.98;
      ship.vy *= 0.98;
      ship.x = (ship.x + ship.vx + WORLD) % WORLD;
      ship.y = (ship.y + ship.vy + WORLD) % WORLD;
      ship.flags = keys & 8 ? 1 : 0;
    }
  }
}

const server = new Server({ greet: false, transport: new WebSocketTransport({}) });
server.define("arena", Arena);
await server.listen(Number(process.argv[2]), "127.0.0.1");
console.log("listening");
