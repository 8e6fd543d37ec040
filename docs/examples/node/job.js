// What both ways have in common: who hit whom, and where.
//
//   node sqs.js <shooter> <room> [<victim>]
//
// A player is named by the handle of their page (/p/<handle>/), a room by its id.

export function argumentsOf([shooter, room, victim = null]) {
  if (!shooter || !room) {
    console.error("usage: node sqs.js|sidekiq.js <shooter's handle> <room's id> [<victim's handle>]");
    process.exit(2);
  }
  return { shooter, room, victim, occurred_at: new Date().toISOString() };
}
