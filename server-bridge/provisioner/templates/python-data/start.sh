#!/usr/bin/env bash
# Makes a virtual environment, installs the packages that are missing and starts Jupyter in the background.
# Runs again at every start: nothing is installed twice, and a Jupyter that runs is left alone.
set -eu

cd "${OUTPOST_WORKSPACE_DIR:-$HOME}"
home="$(pwd)"
mkdir -p -- "./$TEMPLATE_PROJECT"

# One requirement a line; a line that begins with a dash would be an option of pip.
if [ -n "$TEMPLATE_PACKAGES" ] && printf '%s\n' "$TEMPLATE_PACKAGES" |
  grep -Eqv '^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._-]+\])?([<>=!~]=?[A-Za-z0-9.*,<>=!~+-]+)?$'; then
  echo "A package has to be a name with an optional version, as in pandas==2.2.3. Change the workspace's parameter \"Packages\"." >&2
  exit 1
fi

if ! command -v python3 >/dev/null 2>&1; then
  echo "Python 3 is missing, so there is no environment yet." >&2
  echo "Install it (Debian, Ubuntu: sudo apt-get install python3 python3-venv; macOS: brew install python) and start the workspace again." >&2
  exit 0
fi

# The mark is set last, so that an environment whose making was interrupted is made anew. Its pip comes when it is needed:
# on Debian and Ubuntu that is in a package of its own.
if [ ! -e .venv/complete ]; then
  echo "Making the environment $home/.venv"
  rm -rf -- ./.venv
  if ! python3 -m venv --without-pip .venv; then
    echo "The environment could not be made: this Python has no venv. On Debian and Ubuntu: sudo apt-get install python3-venv." >&2
    exit 0
  fi
  touch .venv/complete
fi
python="$home/.venv/bin/python"
"$python" --version

if [ -n "$TEMPLATE_PACKAGES" ]; then
  requirements="$home/.venv/workspace-requirements.txt"
  if [ "$(cat "$requirements" 2>/dev/null || true)" != "$TEMPLATE_PACKAGES" ]; then
    printf '%s\n' "$TEMPLATE_PACKAGES" >"$requirements.new"
    echo "Installing $(tr '\n' ' ' <"$requirements.new")"
    if ! "$python" -m pip --version >/dev/null 2>&1 && ! "$python" -m ensurepip >/dev/null 2>&1; then
      echo "pip is missing, so no packages were installed." >&2
      echo "Install it (Debian, Ubuntu: sudo apt-get install python3-venv) and start the workspace again." >&2
      exit 0
    fi
    if "$python" -m pip install --disable-pip-version-check --no-input --quiet --retries 1 --timeout 20 --requirement "$requirements.new"; then
      mv -- "$requirements.new" "$requirements"
    else
      echo "The packages could not be installed. With a network, start the workspace again, or run" >&2
      echo "$python -m pip install --requirement $requirements.new" >&2
    fi
  fi
fi

if [ "$TEMPLATE_JUPYTER" != true ]; then
  exit 0
fi
if ! "$python" -c 'import jupyterlab' 2>/dev/null; then
  echo "JupyterLab is not in this environment, so it was not started. Add \"jupyterlab\" to the workspace's packages." >&2
  exit 0
fi
pid_file="$home/.jupyter.pid"
if [ -f "$pid_file" ] && ps -o args= -p "$(cat "$pid_file")" 2>/dev/null | grep -q jupyterlab; then
  echo "Jupyter runs already."
  exit 0
fi
cd -- "./$TEMPLATE_PROJECT"
# The token comes from the variable JUPYTER_TOKEN, which the list of processes does not show.
nohup "$python" -m jupyterlab --no-browser --ip=127.0.0.1 --port="$TEMPLATE_PORT" --ServerApp.port_retries=0 \
  --ServerApp.root_dir=. --ServerApp.allow_remote_access=True >"$home/jupyter.log" 2>&1 </dev/null &
echo $! >"$pid_file"
echo "Started Jupyter on port $TEMPLATE_PORT. Its output is in $home/jupyter.log."
