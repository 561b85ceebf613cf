terraform {
  required_providers {
    coder = {
      source = "coder/coder"
    }
  }
}

provider "coder" {}

data "coder_provisioner" "me" {}
data "coder_workspace" "me" {}

data "coder_parameter" "project" {
  name         = "project"
  display_name = "Project folder"
  description  = "The folder of notebooks and data, inside the workspace."
  type         = "string"
  default      = "project"
  mutable      = false
  icon         = "/icon/folder.svg"
  order        = 1

  validation {
    regex = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
    error = "Use up to 64 letters, digits, dots, dashes and underscores, and start with a letter or a digit."
  }
}

data "coder_parameter" "packages" {
  name         = "packages"
  display_name = "Packages"
  description  = "Installed from PyPI into the workspace's own environment. Versions can be given: `pandas==2.2.3`."
  type         = "list(string)"
  form_type    = "tag-select"
  default      = jsonencode(["jupyterlab", "numpy", "pandas", "matplotlib"])
  mutable      = true
  icon         = "/icon/python.svg"
  order        = 2
}

data "coder_parameter" "jupyter" {
  name         = "jupyter"
  display_name = "Start Jupyter"
  description  = "Starts JupyterLab with the workspace, when it is installed."
  type         = "bool"
  default      = true
  mutable      = true
  icon         = "/icon/jupyter.svg"
  order        = 3
}

data "coder_parameter" "port" {
  name         = "port"
  display_name = "Port of Jupyter"
  description  = "Two workspaces that run at the same time need two ports."
  type         = "number"
  default      = 8888
  mutable      = true
  icon         = "/icon/jupyter.svg"
  order        = 4

  validation {
    min   = 1024
    max   = 65535
    error = "Use a port from {min} to {max}."
  }
}

locals {
  is_windows = data.coder_provisioner.me.os == "windows"
  jupyter    = data.coder_parameter.jupyter.value == "true"
  server     = "http://localhost:${data.coder_parameter.port.value}"

  # Whoever reaches the port runs code as you, so it asks for this; the app's link brings it along.
  token = sha256("jupyter of ${data.coder_workspace.me.id}")
}

# On a Coder deployment elsewhere, add the machine or container that runs coder_agent.main.init_script, and set os and
# arch to those of that machine. Everything else stays as it is.
resource "coder_agent" "main" {
  os   = data.coder_provisioner.me.os
  arch = data.coder_provisioner.me.arch
  dir  = data.coder_parameter.project.value

  # Values reach the scripts as variables, never as part of their text: no value can become a command.
  env = {
    TEMPLATE_PROJECT  = data.coder_parameter.project.value
    TEMPLATE_PACKAGES = join("\n", jsondecode(data.coder_parameter.packages.value))
    TEMPLATE_JUPYTER  = data.coder_parameter.jupyter.value
    TEMPLATE_PORT     = data.coder_parameter.port.value
    JUPYTER_TOKEN     = local.token
  }

  startup_script_behavior = "blocking"
  startup_script          = local.is_windows ? "@echo This template needs Linux or macOS." : file("${path.module}/start.sh")

  metadata {
    key          = "python"
    display_name = "Python"
    script       = "\"$${OUTPOST_WORKSPACE_DIR:-$HOME}/.venv/bin/python\" -c 'import platform; print(platform.python_version())'"
    interval     = 600
    timeout      = 10
    order        = 1
  }

  metadata {
    key          = "load"
    display_name = "Load"
    script       = "uptime | sed 's/.*load averages*: *//'"
    interval     = 15
    timeout      = 5
    order        = 2
  }

  metadata {
    key          = "disk"
    display_name = "Workspace size"
    script       = "du -sh -- \"$${OUTPOST_WORKSPACE_DIR:-$HOME}\" | cut -f1"
    interval     = 120
    timeout      = 30
    order        = 3
  }
}

resource "coder_app" "jupyter" {
  count        = local.jupyter ? 1 : 0
  agent_id     = coder_agent.main.id
  slug         = "jupyter"
  display_name = "Jupyter"
  icon         = "/icon/jupyter.svg"
  url          = "${local.server}/lab?token=${local.token}"
  subdomain    = true
  share        = "owner"

  healthcheck {
    url       = "${local.server}/api"
    interval  = 5
    threshold = 24
  }
}
