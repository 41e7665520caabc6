// PouchDB against a PouchDB server, on the tape of `bench sync`: run by `_pouchdb.py` in the folder where the packages
// are. Both keep LevelDB files; there is no TLS, no signature, no authorisation, no chain, no encryption and no fsync
// for a write, all of which Archwire's figures include. Prints one JSON document.
"use strict";
const { fork } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { createRequire } = require("node:module");
const here = createRequire(path.join(process.cwd(), "package.json"));
const PouchDB = here("pouchdb");
const PATIENTS = 300, STATIONS = 29, WRITES = 20;
const now = () => Number(process.hrtime.bigint()) / 1e6;
const sleep = (millis) => new Promise((done) => setTimeout(done, Math.max(0, millis)));
const id = (number) => `patient-${String(number).padStart(4, "0")}`;

function serve(folder) {
  const express = here("express");
  const Stored = PouchDB.defaults({ prefix: folder + path.sep });
  const app = express();
  app.use("/", here("express-pouchdb")(Stored, { inMemoryConfig: true, logPath: path.join(folder, "log.txt") }));
  const listening = app.listen(0, "127.0.0.1", () => process.send({ port: listening.address().port }));
}

function row(number) {
  return {
    _id: id(number), file_number: String(number), family_name: `Famille ${number}`, given_name: "Prénom",
    language: "fr", status: "active", opened_at: 1763800000000, note: "",
  };
}

function rank(values, share) {
  const ordered = [...values].sort((one, other) => one - other);
  return ordered[Math.min(ordered.length - 1, Math.floor(share * ordered.length))];
}

// What a workstation keeps of its own patients: the revision that it saw last.
class Station {
  constructor(url, place, stations, revisions) {
    this.db = new PouchDB(url);
    this.own = [];
    for (let number = place; number < PATIENTS; number += stations) this.own.push(number);
    this.revisions = revisions;
    this.turn = 0;
    this.place = place;
  }

  next() {
    const number = this.own[this.turn++ % this.own.length];
    return { ...row(number), family_name: `${this.place}-${now()}`, _rev: this.revisions[number] };
  }

  async put() {
    const made = this.next();
    const answer = await this.db.put(made);
    this.revisions[Number(made.file_number)] = answer.rev;
  }
}

async function pushing(stations, seconds, pause) {
  const times = [], end = now() + seconds * 1000;
  await Promise.all(stations.map(async (station, place) => {
    let due = now() + (pause * 1000 * place) / stations.length;
    while (now() < end) {
      if (pause && now() < due) { await sleep(due - now()); if (now() >= end) break; }
      due += pause * 1000;
      const began = now();
      await station.put();
      times.push(now() - began);
    }
  }));
  return times;
}

async function batched(remote, revisions) {
  const own = [];
  for (let number = 0; number < PATIENTS; number += STATIONS) own.push(number);
  const began = now();
  for (let batch = 0; batch < 4; batch += 1) {
    // one revision of a document cannot follow another in one request: 500 changes of 11 documents take 46 requests
    for (let sent = 0; sent < 500; sent += own.length) {
      const part = own.slice(0, Math.min(own.length, 500 - sent));
      const docs = part.map((number) => ({ ...row(number), family_name: `0-${now()}`, _rev: revisions[number] }));
      for (const answer of await remote.bulkDocs(docs)) revisions[Number(answer.id.slice(8))] = answer.rev;
    }
  }
  return 2000 / ((now() - began) / 1000);
}

async function loaded(remote) {
  const docs = Array.from({ length: 2000 }, (_it, number) => ({ ...row(number), _id: `new-${number}` }));
  let began = now();
  for (let start = 0; start < docs.length; start += 500) await remote.bulkDocs(docs.slice(start, start + 500));
  const bulk = 2000 / ((now() - began) / 1000);
  let since = 0, found = 0;
  began = now();
  for (;;) {
    const page = await remote.changes({ since, limit: 2000, include_docs: true });
    if (!page.results.length) break;
    found += page.results.length;
    since = page.last_seq;
  }
  return [bulk, found / ((now() - began) / 1000)];
}

async function applied(folder, url) {
  const local = new PouchDB(path.join(folder, "C"));
  const began = now();
  const done = await local.replicate.from(url, { batch_size: 2000 });
  return done.docs_written / ((now() - began) / 1000);
}

async function drained(folder, url) {
  const local = new PouchDB(path.join(folder, "B"));
  await local.replicate.from(url);
  const revisions = {};
  for (const it of (await local.allDocs({ startkey: "patient-", endkey: "patient-~" })).rows) revisions[it.id] = it.value.rev;
  for (let number = 0; number < 2000; number += 1) {
    const made = { ...row(number % PATIENTS), note: `Hors ligne ${number}`, _rev: revisions[id(number % PATIENTS)] };
    revisions[made._id] = (await local.put(made)).rev;
  }
  const began = now();
  await local.replicate.to(url);
  return [(now() - began) / 1000, local];
}

async function visible(local, url, stations, seconds) {
  const seen = [], shown = new Set();
  const link = local.sync(url, { live: true, retry: true });
  let came = false, ended = false;
  local.changes({ live: true, since: "now" }).on("change", () => { came = true; });
  const view = async () => {
    while (!ended) {
      if (!came) { await sleep(1); continue; }
      came = false;
      const rows = (await local.allDocs({ include_docs: true, startkey: "patient-", endkey: "patient-~" })).rows;
      const at = now();
      for (const { doc } of rows) {
        const mark = /^\d+-([\d.]+)$/.exec(doc.family_name);
        if (mark && !shown.has(doc.family_name)) { shown.add(doc.family_name); seen.push(at - Number(mark[1])); }
      }
    }
  };
  came = true;
  const watching = view();
  await sleep(2000);
  seen.length = 0;
  await pushing(stations, seconds, STATIONS / WRITES);
  await sleep(1000);
  ended = true;
  await watching;
  link.cancel();
  return seen;
}

async function main(seconds) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "archwire-pouchdb-"));
  fs.mkdirSync(path.join(folder, "server"));
  const server = fork(__filename, ["serve", path.join(folder, "server")], { cwd: process.cwd(), stdio: ["ignore", "ignore", "inherit", "ipc"] });
  try {
    const { port } = await new Promise((done) => server.once("message", done));
    const url = `http://127.0.0.1:${port}/practice`;
    const remote = new PouchDB(url), revisions = [];
    for (const it of await remote.bulkDocs(Array.from({ length: PATIENTS }, (_it, number) => row(number)))) {
      revisions[Number(it.id.slice(8))] = it.rev;
    }
    const ten = Array.from({ length: 10 }, (_it, place) => new Station(url, place, 10, revisions));
    const said = {};
    said.single = (await pushing(ten, seconds, 0)).length / seconds;
    said.p99 = rank(await pushing(ten, seconds, 10 / 60), 0.99);
    said.batched = await batched(remote, revisions);
    [said.bulk, said.pull] = await loaded(remote);
    said.applied = await applied(folder, url);
    let local;
    [said.drained, local] = await drained(folder, url);
    for (const it of (await remote.allDocs({ startkey: "patient-", endkey: "patient-~" })).rows) {
      revisions[Number(it.id.slice(8))] = it.value.rev;
    }
    const others = Array.from({ length: STATIONS }, (_it, place) => new Station(url, place, STATIONS, revisions));
    const seen = await visible(local, url, others, seconds * 2);
    [said.seen, said.p50, said.p95] = [seen.length, rank(seen, 0.5), rank(seen, 0.95)];
    said.version = here("pouchdb/package.json").version;
    process.stdout.write(JSON.stringify(said));
  } finally {
    server.kill();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === "serve") serve(process.argv[3]);
else main(Number(process.argv[2])).then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
