import { writeTar } from '../provisioner/tar-writer.ts'

/** A template as it is uploaded. */
export function templateArchive(files: Readonly<Record<string, string>>): Uint8Array {
  return writeTar(Object.entries(files).map(([path, text]) => ({ path, content: Buffer.from(text) })))
}

/** One agent with a startup script and a parameter: what most tests need. */
export const smallTemplate = `
terraform {
  required_providers {
    coder = { source = "coder/coder" }
  }
}

data "coder_workspace" "me" {}

data "coder_parameter" "greeting" {
  name    = "greeting"
  type    = "string"
  default = "hello"
  mutable = true
}

resource "coder_agent" "main" {
  os             = "linux"
  arch           = "amd64"
  startup_script = "echo \${data.coder_parameter.greeting.value} from the startup script"
  env = {
    GREETING = data.coder_parameter.greeting.value
  }
}
`
