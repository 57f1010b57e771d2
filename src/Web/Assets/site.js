// Two conveniences; every page works without them: a file is hashed here and looked up, and commands are copied.
const drop = document.getElementById("drop");
if (drop && window.Worker) {
  drop.hidden = false;
  document.getElementById("undropped").hidden = true;
  const input = document.getElementById("file");
  const progress = document.getElementById("progress");
  let worker = null;

  const hash = (file) => {
    worker?.terminate();
    worker = new Worker("/assets/sha256.js");
    progress.textContent = `hashing ${file.name}…`;
    worker.onmessage = ({ data }) => {
      if (data.digest) {
        progress.textContent = `sha256:${data.digest}`;
        location.assign(`/lookup?q=sha256:${data.digest}`);
      } else if (data.error) {
        progress.textContent = `${file.name} cannot be read: ${data.error}`;
      } else {
        progress.textContent = `hashing ${file.name}: ${Math.floor(100 * data.done / Math.max(1, file.size))} %`;
      }
    };
    worker.postMessage(file);
  };

  input.addEventListener("change", () => input.files[0] && hash(input.files[0]));
  for (const type of ["dragenter", "dragover"]) {
    document.addEventListener(type, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  document.addEventListener("dragleave", () => drop.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files[0]) {
      hash(event.dataTransfer.files[0]);
    }
  });
}

if (navigator.clipboard) {
  for (const block of document.querySelectorAll("pre.copy")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("code").textContent);
      button.textContent = "Copied";
    });
    const beside = document.createElement("div");
    beside.className = "beside";
    block.replaceWith(beside);
    beside.append(block, button);
  }
}
