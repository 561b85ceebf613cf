terraform {
  required_providers {
    coder = {
      source = "coder/coder"
    }
  }
}

provider "coder" {}

data "coder_provisioner" "me" {}

data "coder_parameter" "project" {
  name         = "project"
  display_name = "Project folder"
  description  = "The folder of the project, inside the workspace. A small server is put there when it is empty."
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

data "coder_parameter" "port" {
  name         = "port"
  display_name = "Port"
  description  = "Where the project's server listens. Two workspaces that run at the same time need two ports."
  type         = "number"
  default      = 3000
  mutable      = true
  icon         = "/icon/node.svg"
  order        = 2

  validation {
    min   = 1024
    max   = 65535
    error = "Use a port from {min} to {max}."
  }
}

data "coder_parameter" "manager" {
  name         = "manager"
  display_name = "Package manager"
  type         = "string"
  default      = "npm"
  mutable      = true
  icon         = "/icon/node.svg"
  order        = 3

  option {
    name  = "npm"
    value = "npm"
  }
  option {
    name  = "pnpm"
    value = "pnpm"
  }
  option {
    name  = "yarn"
    value = "yarn"
  }
}

data "coder_parameter" "serve" {
  name         = "serve"
  display_name = "Run the project's start script"
  description  = "Starts the `start` script of package.json with the workspace, in the background."
  type         = "bool"
  default      = true
  mutable      = true
  icon         = "/icon/node.svg"
  order        = 4
}

data "coder_workspace_preset" "server" {
  name        = "Server that starts with the workspace"
  description = "npm, port 3000"
  default     = true
  parameters = {
    port    = "3000"
    manager = "npm"
    serve   = "true"
  }
}

data "coder_workspace_preset" "library" {
  name        = "Library"
  description = "Nothing runs in the background"
  parameters = {
    serve = "false"
  }
}

locals {
  is_windows = data.coder_provisioner.me.os == "windows"
  serves     = data.coder_parameter.serve.value == "true"
}

# On a Coder deployment elsewhere, add the machine or container that runs coder_agent.main.init_script, and set os and
# arch to those of that machine. Everything else stays as it is.
resource "coder_agent" "main" {
  os   = data.coder_provisioner.me.os
  arch = data.coder_provisioner.me.arch
  dir  = data.coder_parameter.project.value

  # Values reach the scripts as variables, never as part of their text: no value can become a command.
  env = {
    TEMPLATE_PROJECT = data.coder_parameter.project.value
    TEMPLATE_MANAGER = data.coder_parameter.manager.value
    TEMPLATE_SERVE   = data.coder_parameter.serve.value
    PORT             = data.coder_parameter.port.value
  }

  startup_script = local.is_windows ? "@echo This template needs Linux or macOS." : null

  metadata {
    key          = "node"
    display_name = "Node.js"
    script       = "node --version 2>/dev/null || echo missing"
    interval     = 600
    timeout      = 5
    order        = 1
  }

  metadata {
    key          = "disk"
    display_name = "Project size"
    script       = "du -sh -- \"$${OUTPOST_WORKSPACE_DIR:-$HOME}/$TEMPLATE_PROJECT\" | cut -f1"
    interval     = 60
    timeout      = 20
    order        = 2
  }
}

resource "coder_script" "project" {
  count              = local.is_windows ? 0 : 1
  agent_id           = coder_agent.main.id
  display_name       = "Project"
  icon               = "/icon/node.svg"
  run_on_start       = true
  start_blocks_login = true
  script             = file("${path.module}/start.sh")
}

resource "coder_app" "web" {
  count        = local.serves ? 1 : 0
  agent_id     = coder_agent.main.id
  slug         = "web"
  display_name = "Web"
  icon         = "/icon/node.svg"
  url          = "http://localhost:${data.coder_parameter.port.value}"
  subdomain    = true
  share        = "owner"

  healthcheck {
    url       = "http://localhost:${data.coder_parameter.port.value}/"
    interval  = 5
    threshold = 12
  }
}
