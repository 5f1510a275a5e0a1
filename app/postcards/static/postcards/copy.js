// Says whether this page was rendered just now or is a copy from a cache: its age, by the server's clock.
const rendered = Date.parse(document.querySelector("footer time").dateTime);
const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
const seconds = Math.round((Date.parse(answer.headers.get("Date")) - rendered) / 1000);
document.querySelector("#copy").textContent =
  seconds > 1
    ? `A copy from the cache, ${seconds} seconds old.`
    : "Fresh from Django: reload to get the cached copy.";
