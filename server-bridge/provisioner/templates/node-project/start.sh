#!/usr/bin/env bash
# Makes a small project in an empty folder, installs what a project needs and runs its start script in the background.
# Runs again at every start: files that are there stay, and a server that runs is left alone.
set -eu

cd "${OUTPOST_WORKSPACE_DIR:-$HOME}"
log="$(pwd)/server.log"
pid_file="$(pwd)/.server.pid"
mkdir -p -- "./$TEMPLATE_PROJECT"
cd -- "./$TEMPLATE_PROJECT"

if [ -z "$(ls -A .)" ]; then
  cat >server.js <<'JS'
import { createServer } from 'node:http'

const port = Number(process.env.PORT ?? 3000)

createServer((request, response) => {
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(`Hello from ${process.env.CODER_WORKSPACE_NAME ?? 'this workspace'}\n`)
}).listen(port, '127.0.0.1', () => console.log(`Listening on http://localhost:${port}`))
JS
  cat >package.json <<'JSON'
{
  "name": "project",
  "version": "0.1.0",
  "private": true,
  "type": "module",
  "scripts": {
    "start": "node server.js"
  }
}
JSON
  echo "Put a small server into $TEMPLATE_PROJECT."
fi

if ! command -v node >/dev/null 2>&1; then
  echo "Node.js is missing, so nothing can be run yet." >&2
  echo "Install it (Debian, Ubuntu: sudo apt-get install nodejs npm; macOS: brew install node; or https://nodejs.org) and start the workspace again." >&2
  exit 0
fi
echo "Node.js $(node --version) at $(command -v node)"
if ! command -v "$TEMPLATE_MANAGER" >/dev/null 2>&1; then
  echo "$TEMPLATE_MANAGER is missing. Install it, or choose another package manager in the workspace's parameters." >&2
  exit 0
fi

# Asks package.json a question that is an expression on it, p.
package() {
  node -e 'const p = JSON.parse(require("fs").readFileSync("package.json", "utf8")); process.exit(('"$1"') ? 0 : 1)'
}

if [ "$TEMPLATE_SERVE" != true ]; then
  exit 0
fi
if [ ! -f package.json ]; then
  echo "There is no package.json in $TEMPLATE_PROJECT, so there is nothing to start."
  exit 0
fi
if ! package 'p.scripts?.start'; then
  echo "The package.json has no script \"start\", so there is nothing to start."
  exit 0
fi
if [ -f "$pid_file" ] && ps -o args= -p "$(cat "$pid_file")" 2>/dev/null | grep -q 'run start'; then
  echo "The server runs already."
  exit 0
fi
if [ ! -d node_modules ] && package 'Object.keys({ ...p.dependencies, ...p.devDependencies }).length > 0'; then
  echo "Installing packages with $TEMPLATE_MANAGER"
  if ! "$TEMPLATE_MANAGER" install; then
    echo "The packages could not be installed, so the server was not started." >&2
    exit 1
  fi
fi

nohup "$TEMPLATE_MANAGER" run start >"$log" 2>&1 </dev/null &
echo $! >"$pid_file"
echo "Started \"$TEMPLATE_MANAGER run start\" for port $PORT. Its output is in $log."
