// Put into pages by the preview server, never into a built site: reloads what changed, shows what is wrong.
(() => {
  const me = document.currentScript;
  const page = me.dataset.page;
  const about = new URLSearchParams({ token: me.dataset.token, page, build: me.dataset.build });
  const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/__sitegen/live?${about}`;
  const KEY = "sitegen-scroll:" + location.pathname;
  let wait = 250;
  let box = null;

  const restore = () => {
    const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
    sessionStorage.removeItem(KEY);
    if (!kept) return;
    document.querySelectorAll("details").forEach((one, i) => { one.open = kept.open.includes(i); });
    scrollTo(0, kept.y);
  };
  const reload = () => {
    const open = [...document.querySelectorAll("details")].map((one, i) => (one.open ? i : -1));
    sessionStorage.setItem(KEY, JSON.stringify({ y: scrollY, open }));
    location.reload();
  };
  const swap = (link) => {
    // The old sheet goes when the new one is there, so that nothing flashes.
    const fresh = link.cloneNode();
    fresh.href = link.href.split("?")[0] + "?" + Date.now();
    fresh.onload = () => link.remove();
    link.after(fresh);
  };
  const show = (problems) => {
    if (box) box.remove();
    box = null;
    if (!problems.length) return;
    box = document.createElement("div");
    const root = box.attachShadow({ mode: "open" });
    const panel = document.createElement("div");
    panel.setAttribute("role", "alert");
    panel.style.cssText = "position:fixed;inset:auto 0 0 0;max-height:45vh;overflow:auto;z-index:2147483647;padding:1rem 1.25rem;"
      + "background:#2a1215;color:#fff;font:14px/1.5 ui-monospace,monospace;border-top:4px solid #ff6b6b;white-space:pre-wrap";
    for (const { place, message, hint } of problems) {
      const line = document.createElement("p");
      line.style.margin = "0 0 .75rem";
      line.textContent = `${place}: ${message}` + (hint ? `\n    hint: ${hint}` : "");
      panel.append(line);
    }
    root.append(panel);
    document.body.append(box);
  };
  const told = ({ changed, all, problems }) => {
    show(problems);
    if (all || changed.includes(page)) return reload();
    const files = new Set(changed);
    for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
      const name = new URL(link.href).pathname.replace(/^\//, "");
      if ([...files].some((file) => name === file || name.endsWith("/" + file))) swap(link);
    }
    if (changed.some((file) => file.startsWith("media/"))) reload();
  };
  const findAgain = () => {
    // A preview that was started anew does not know this page: it is asked for as soon as anything answers.
    fetch(me.src, { cache: "no-store" }).then((answer) => (answer.ok ? reload() : Promise.reject(answer)))
      .catch(() => { setTimeout(findAgain, wait); wait = Math.min(wait * 2, 5000); });
  };
  const listen = () => {
    const socket = new WebSocket(address);
    socket.onopen = () => { document.documentElement.dataset.sitegen = "live"; };
    socket.onmessage = (event) => told(JSON.parse(event.data));
    socket.onclose = () => setTimeout(findAgain, wait);
    addEventListener("pagehide", () => { socket.onclose = null; socket.close(); }, { once: true });
  };
  restore();
  listen();
})();
