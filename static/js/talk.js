/*
 * Makes the open talk live. The page works without this file; here it only becomes faster.
 *
 * The server holds the truth: a message is "stored" when its acknowledgement came. What was not acknowledged stays in
 * this browser's storage and is sent again with the same id, so that nothing is lost and nothing comes twice.
 */
const root = document.querySelector("[data-talk]");
if (root && "WebSocket" in window) start(JSON.parse(root.dataset.talk));

function start(page) {
  const words = page.words;
  const list = document.getElementById("nachrichten");
  const form = document.getElementById("schreiben");
  const field = form instanceof HTMLFormElement ? form.elements.namedItem("body") : null;
  const quick = document.getElementById("schnell");
  const line = document.getElementById("leitung");
  const voice = document.getElementById("ansage");
  const typing = document.getElementById("schreibt");
  const title = document.title;

  const cursors = { ...page.cursors };
  const marks = { delivered: page.delivered, read: page.read };
  const outbox = openOutbox(page);
  let epoch = page.epoch;
  let stand = page.stand;
  let socket = null;
  let greeted = false;
  let waiting = null; // client_id of the send whose acknowledgement is due
  let tries = 0;
  let heard = 0;
  let stopped = false;
  let unseen = 0;

  // --- the line ----------
  function connect() {
    if (stopped || socket) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const fresh = new WebSocket(`${scheme}//${location.host}/ws/v1/`);
    const ours = (work) => (event) => { if (socket === fresh) work(event); }; // one given up says nothing any more
    fresh.addEventListener("open", ours(() => say("hello", { epoch, cursors })));
    fresh.addEventListener("message", ours((event) => hear(JSON.parse(event.data))));
    fresh.addEventListener("close", ours((event) => lost(event.code)));
    socket = fresh;
    heard = Date.now();
  }

  function say(type, fields = {}) {
    if (!socket || socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify({ v: 1, type, ...fields }));
    return true;
  }

  function lost(code) {
    socket = null;
    greeted = false;
    waiting = null;
    if (code === 4401) return stop(words.logged_out, page.login, words.log_in);
    if (code === 4403 || code === 4404) return stop(words.stopped, location.pathname, words.look);
    tries += 1;
    setTimeout(() => { if (!greeted && !stopped) tell(words.down); }, 2000);
    setTimeout(connect, patience(tries, code));
  }

  // The browser knows that the line is down long before a socket closes, which can take minutes.
  function cutOff() {
    if (stopped) return;
    tell(words.down);
    const old = socket;
    if (old) lost(1006);
    old?.close();
  }

  function backAgain() {
    tries = 0;
    connect();
  }

  function stop(text, href, label) {
    stopped = true;
    tell(text, href, label);
  }

  // Full jitter: everybody waits a random time under a limit that doubles, so that a restart is no stampede.
  function patience(count, code) {
    const limit = code === 4429 ? 60000 : Math.min(300000, 2000 * 2 ** Math.min(count, 8));
    return 200 + Math.random() * limit;
  }

  function tell(text, href, label) {
    if (!line.hidden && line.textContent === text) return;
    line.replaceChildren(document.createTextNode(text));
    if (href) {
      const link = document.createElement("a");
      link.href = href;
      link.textContent = label;
      line.append(" ", link);
    }
    line.hidden = false;
    announce(text);
  }

  function announce(text) {
    voice.textContent = "";
    setTimeout(() => { voice.textContent = text; }, 50);
  }

  // --- what the server says ----------
  const answers = {
    welcome(frame) {
      epoch = frame.epoch;
      if (frame.resync) return loadAgain();
      greeted = true;
      tries = 0;
      if (!line.hidden) announce(words.again);
      line.hidden = true;
      compareStand(frame);
      pump();
      sawAll();
    },
    message(frame) {
      if (frame.conversation !== page.conversation) return elsewhere(frame);
      const last = cursors[page.conversation] || 0;
      if (frame.seq <= last) return confirmReceived();
      if (frame.seq > last + 1) return void say("pull", { conversation: page.conversation, after_seq: last });
      cursors[page.conversation] = frame.seq;
      if (frame.deletes) takeAway(frame.deletes);
      else place(frame);
      if (frame.sender === page.me) settle(frame.client_id);
      confirmReceived();
    },
    ack(frame) {
      settle(frame.client_id);
      const bubble = bubbleOf(frame.client_id);
      if (bubble && bubble.dataset.state === "sending") setState(bubble, "stored");
      pump();
    },
    error(frame) {
      if (!frame.client_id) return;
      waiting = null;
      if (frame.code === "busy" || frame.code === "away" || frame.code === "broken" || frame.code === "too_many") return void setTimeout(pump, 3000);
      refuse(frame.client_id, frame.detail);
      pump();
    },
    delivered(frame) { raise("delivered", frame); },
    read(frame) { raise("read", frame); },
    typing(frame) {
      if (frame.conversation !== page.conversation || frame.person === page.me) return;
      typing.textContent = words.typing;
      typing.hidden = false;
      clearTimeout(typing.timer);
      typing.timer = setTimeout(() => { typing.hidden = true; }, 5000);
    },
    event(frame) {
      if (frame.match === page.match || frame.id === page.match) refreshStand();
    },
    heartbeat(frame) {
      const theirs = frame.cursors[page.conversation] || 0;
      const mine = cursors[page.conversation] || 0;
      if (theirs > mine) say("pull", { conversation: page.conversation, after_seq: mine });
      compareStand(frame);
    },
  };

  function hear(frame) {
    heard = Date.now();
    if (Object.hasOwn(answers, frame.type)) answers[frame.type](frame);
  }

  // A silent line is a dead line: the server speaks every 25 seconds.
  setInterval(() => {
    if (socket && Date.now() - heard > 60000) socket.close();
  }, 5000);

  function loadAgain() {
    const before = Number(sessionStorage.getItem("talk.loaded") || 0);
    if (Date.now() - before < 10000) return stop(words.stopped, location.pathname, words.look);
    sessionStorage.setItem("talk.loaded", String(Date.now()));
    location.reload();
  }

  function elsewhere(frame) {
    cursors[frame.conversation] = Math.max(cursors[frame.conversation] || 0, frame.seq);
    later(`received.${frame.conversation}`, () => {
      say("received", { conversation: frame.conversation, seq: cursors[frame.conversation] });
    });
  }

  const timers = {};
  function later(name, work) {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(work, 200);
  }

  function confirmReceived() {
    later("received", () => {
      const place = { conversation: page.conversation, seq: cursors[page.conversation] || 0 };
      if (place.seq) say(document.visibilityState === "visible" ? "read" : "received", place);
    });
  }

  function sawAll() {
    if (document.visibilityState !== "visible") return;
    unseen = 0;
    document.title = title;
    if (greeted) confirmReceived();
  }
  document.addEventListener("visibilitychange", sawAll);

  // --- bubbles ----------
  function place(frame) {
    const mine = frame.sender === page.me;
    const bubble = (mine && bubbleOf(frame.client_id)) || draw(frame.body, mine, frame.client_id);
    bubble.dataset.seq = String(frame.seq);
    bubble.id = `nachricht-${frame.seq}`;
    stamp(bubble, frame.stored_at);
    if (mine) setState(bubble, stateOf(frame.seq));
    furnish(bubble, frame, mine);
    const nearEnd = isNearEnd();
    dayLine(frame.stored_at);
    list.insertBefore(bubble, firstPending(bubble));
    document.getElementById("leer")?.remove();
    if (nearEnd || mine) bringIntoView();
    if (!mine) noticed();
  }

  // Somebody took a message back: its text leaves this device too.
  function takeAway(seq) {
    const bubble = document.getElementById(`nachricht-${seq}`);
    if (!bubble) return;
    const nobodyElse = bubble.classList.contains("deleted");
    empty(bubble);
    if (!nobodyElse) announce(words.deleted);
  }

  function empty(bubble) {
    bubble.classList.add("deleted");
    bubble.querySelector(".body").textContent = words.deleted;
    for (const part of bubble.querySelectorAll(".caution, .of-bubble")) part.remove();
  }

  // A kind sentence beside what looks like a fraud, and the way to report or to take back.
  function furnish(bubble, frame, mine) {
    if (frame.deleted) return empty(bubble);
    for (const part of bubble.querySelectorAll(".caution, .of-bubble")) part.remove();
    const when = bubble.querySelector(".when");
    for (const kind of frame.cautions || []) {
      if (!page.cautions[kind]) continue;
      const note = make("p", "caution");
      note.append(icon("warning"), make("span", "", page.cautions[kind]));
      when.before(note);
    }
    const link = make("a", mine ? "of-bubble delete" : "of-bubble", mine ? words.delete : words.report);
    link.href = mine ? page.paths.delete.replace("/0/", `/${frame.seq}/`) : page.paths.report.replace(/0$/, String(frame.seq));
    when.append(link);
  }

  // After a while a message stays.
  setInterval(() => {
    for (const link of list.querySelectorAll(".of-bubble.delete")) {
      const written = Date.parse(link.closest(".bubble").querySelector("time").dateTime);
      if (Date.now() - written > page.delete_seconds * 1000) link.remove();
    }
  }, 20000);

  function noticed() {
    typing.hidden = true;
    announce(words.news);
    if (document.visibilityState === "visible") return;
    unseen += 1;
    document.title = `(${unseen}) ${title}`;
  }

  function draw(body, mine, clientId) {
    const bubble = make("li", mine ? "bubble mine" : "bubble");
    bubble.dataset.client = clientId;
    bubble.append(make("span", "who", mine ? words.me : page.other.name), make("p", "body", body));
    const when = make("p", "when");
    when.append(document.createElement("time"));
    if (mine) when.append(make("span", "state"));
    bubble.append(when);
    return bubble;
  }

  function make(name, className, text = "") {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text;
    return element;
  }

  function bubbleOf(clientId) {
    return list.querySelector(`[data-client="${CSS.escape(clientId)}"].mine`);
  }

  function firstPending(except) {
    const open = [...list.querySelectorAll(".bubble.mine:not([data-seq])")];
    return open.find((bubble) => bubble !== except) || null;
  }

  function stateOf(seq) {
    return seq <= marks.read ? "read" : seq <= marks.delivered ? "delivered" : "stored";
  }

  function setState(bubble, state) {
    bubble.dataset.state = state;
    const place = bubble.querySelector(".state");
    const sign = { stored: "check", delivered: "double-check", read: "double-check", sending: "clock", failed: "warning" }[state];
    place.replaceChildren(icon(sign), document.createTextNode(words[state]));
  }

  function icon(name) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("class", "icon");
    picture.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${page.icon}#${name}`);
    picture.append(use);
    return picture;
  }

  function raise(kind, frame) {
    if (frame.conversation !== page.conversation || frame.person !== page.other.id) return;
    marks[kind] = Math.max(marks[kind], frame.seq);
    for (const bubble of list.querySelectorAll(".bubble.mine[data-seq]")) {
      const state = stateOf(Number(bubble.dataset.seq));
      if (bubble.dataset.state !== state) setState(bubble, state);
    }
  }

  function stamp(bubble, moment) {
    const time = bubble.querySelector("time");
    time.dateTime = moment;
    time.textContent = clockInWords(moment);
  }

  // The server writes local time: "2026-03-03T14:05:00.000+01:00".
  function clockInWords(moment) {
    const hours = Number(moment.slice(11, 13));
    const minutes = moment.slice(14, 16);
    if (page.language.startsWith("de")) return minutes === "00" ? `${hours} Uhr` : `${hours}:${minutes} Uhr`;
    const half = hours < 12 ? "a.m." : "p.m.";
    return minutes === "00" ? `${hours % 12 || 12} ${half}` : `${hours % 12 || 12}:${minutes} ${half}`;
  }

  function dayLine(moment) {
    const day = moment.slice(0, 10);
    const lines = [...list.querySelectorAll(".day")];
    if (lines.length && lines[lines.length - 1].dataset.day >= day) return;
    const entry = make("li", "day", dayInWords(day));
    entry.dataset.day = day;
    list.insertBefore(entry, firstPending(null));
  }

  function dayInWords(day) {
    const there = new Date(`${day}T12:00:00`);
    const away = Math.round((new Date().setHours(12, 0, 0, 0) - there.getTime()) / 86400000);
    if (away === 0) return words.today;
    if (away === 1) return words.yesterday;
    return new Intl.DateTimeFormat(page.language, { weekday: "long", day: "numeric", month: "long" }).format(there);
  }

  function isNearEnd() {
    const end = (form || list).getBoundingClientRect();
    return end.top < window.innerHeight + 200;
  }

  function bringIntoView() {
    if (form) form.scrollIntoView({ block: "end" });
  }

  // --- writing ----------
  function send(body) {
    const text = body.replace(/\r\n?/g, "\n").trim();
    if (!text) return;
    const entry = { client_id: newId(), body: text };
    outbox.push(entry);
    pend(entry);
    bringIntoView();
    pump();
  }

  function pend(entry) {
    const bubble = draw(entry.body, true, entry.client_id);
    list.append(bubble);
    document.getElementById("leer")?.remove();
    setState(bubble, "sending");
  }

  // One at a time, so that one's own messages keep their order.
  function pump() {
    const next = outbox.first();
    if (!greeted || waiting || !next) return;
    if (!say("send", { conversation: page.conversation, ...next })) return;
    waiting = next.client_id;
    const mine = socket;
    setTimeout(() => { if (waiting === next.client_id && socket === mine && mine) mine.close(); }, 10000);
  }

  function settle(clientId) {
    outbox.remove(clientId);
    if (waiting === clientId) waiting = null;
  }

  function refuse(clientId, detail) {
    const bubble = bubbleOf(clientId);
    outbox.remove(clientId);
    if (!bubble) return;
    setState(bubble, "failed");
    bubble.querySelector(".state").append(`: ${detail}`);
    announce(`${words.failed}: ${detail}`);
    bubble.append(takeBack(bubble));
  }

  function takeBack(bubble) {
    const button = make("button", "kern-btn kern-btn--secondary take-back", words.take_back);
    button.type = "button";
    button.addEventListener("click", () => {
      if (field) field.value = [bubble.querySelector(".body").textContent, field.value].filter(Boolean).join("\n");
      bubble.remove();
      field?.focus();
    });
    return button;
  }

  if (field) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(field.value);
      field.value = "";
      outbox.draft("");
      field.focus();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    field.value = field.value || outbox.draft() || "";
    let told = 0;
    field.addEventListener("input", () => {
      outbox.draft(field.value);
      if (!field.value || Date.now() - told < 3000) return;
      told = Date.now();
      say("typing", { conversation: page.conversation });
    });
  }
  quick?.addEventListener("submit", (event) => {
    if (!event.submitter) return;
    event.preventDefault();
    send(event.submitter.textContent);
  });

  // --- what the match and its appointments say ----------
  // An event may get lost on its way; the short word of greeting and heartbeat says whether this page is still right.
  function compareStand(frame) {
    const theirs = frame.stands?.[page.conversation];
    if (!theirs || theirs === stand) return;
    stand = theirs;
    refreshStand();
  }

  // Whoever types or is about to press something there is not disturbed; a title only has the focus to be read.
  async function refreshStand() {
    const parts = ["stand", "angebote", "hinweise"].map((id) => document.getElementById(id));
    const here = document.activeElement;
    if (here.tabIndex >= 0 && parts.some((part) => part.contains(here))) return tell(words.changed, location.pathname, words.look);
    // An older part of the talk says the same about the match, and nothing on it counts as read.
    const answer = await fetch(`${location.pathname}?vor=1`).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const writable = fresh.getElementById("hinweise")?.dataset.writable === "yes";
    if (writable !== page.writable) return location.reload(); // what is being written is kept as a draft
    for (const part of parts) {
      const next = fresh.getElementById(part.id);
      if (next) swap(part, document.adoptNode(next));
    }
    if (here.id && !here.isConnected) document.getElementById(here.id)?.focus({ preventScroll: true });
    announce(words.changed);
  }

  // A new proposal is the newest word of the talk.
  function swap(part, next) {
    const isNew = part.id === "angebote" && [...next.querySelectorAll("h3")].some((title) => !document.getElementById(title.id));
    part.replaceWith(next);
    if (!isNew) return;
    const nearEnd = isNearEnd();
    list.insertBefore(next, firstPending(null));
    if (nearEnd) bringIntoView();
  }

  // The page was asked for at some place: a card just agreed to, a field that does not fit.
  function isAimed() {
    const aim = location.hash.slice(1);
    return document.querySelector("[autofocus]") || (aim && aim !== "schreiben" && document.getElementById(aim));
  }

  for (const entry of outbox.all()) if (!bubbleOf(entry.client_id)) pend(entry); else outbox.remove(entry.client_id);
  window.addEventListener("online", backAgain);
  window.addEventListener("offline", cutOff);
  connect();
  if (!navigator.onLine) cutOff();
  if (!isAimed()) bringIntoView();
}

// What was written and not yet acknowledged, per person and conversation; other people's leftovers are removed.
function openOutbox(page) {
  const mine = `talk.${page.me}.`;
  const key = mine + page.conversation;
  const box = storage();
  for (const name of box.names()) if (name.startsWith("talk.") && !name.startsWith(mine)) box.remove(name);
  const read = () => JSON.parse(box.read(key) || "[]");
  const write = (entries) => (entries.length ? box.write(key, JSON.stringify(entries)) : box.remove(key));
  return {
    // What is being written, until it is sent; without an argument: what was kept.
    draft: (text) => {
      if (text === undefined) return box.read(`${key}.draft`);
      return text ? box.write(`${key}.draft`, text) : box.remove(`${key}.draft`);
    },
    all: read,
    first: () => read()[0],
    push: (entry) => write([...read(), entry]),
    remove: (clientId) => write(read().filter((entry) => entry.client_id !== clientId)),
  };
}

// The browser's storage; where it is switched off or full, the memory of this page.
function storage() {
  const memory = new Map();
  const safely = (work) => { try { return work(); } catch { return null; } };
  return {
    names: () => safely(() => Object.keys(localStorage)) || [],
    read: (name) => memory.get(name) ?? safely(() => localStorage.getItem(name)),
    write: (name, text) => {
      memory.set(name, text);
      safely(() => { localStorage.setItem(name, text); memory.delete(name); });
    },
    remove: (name) => {
      memory.delete(name);
      safely(() => localStorage.removeItem(name));
    },
  };
}

// crypto.randomUUID exists on https and localhost only; a city may try the service out on a plain address.
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
