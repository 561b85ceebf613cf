/** From "create workspace" to the shell's first prompt on the local deployment, beside a login shell started directly. */
import { measurement, type Benchmark } from './benchmark.ts'
import { createWorkspace, firstPrompt, startBenchDeployment, waitForAgent } from './bench-deployment.ts'
import { startPlainShell } from './plain-shell.ts'
import { median } from './statistics.ts'

const rounds = 5

export const createToPrompt: Benchmark = {
  name: 'create-to-prompt',
  about: 'create a workspace on the local deployment until its shell prompts',
  run: async (log) => {
    const deployment = await startBenchDeployment()
    try {
      const ours: number[] = []
      const reference: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        reference.push(await plainShell())
        const started = performance.now()
        const workspace = await createWorkspace(deployment, `prompt-${String(round)}`)
        const agentId = await waitForAgent(deployment, workspace.id)
        await firstPrompt(deployment, agentId)
        ours.push(performance.now() - started)
      }
      log(`rounds ${ours.map(Math.round).join(' ')}`)
      return [
        measurement({
          name: 'create workspace to prompt',
          value: median(ours),
          unit: 'ms',
          reference: median(reference),
          limit: { of: 'value', atMost: 2000 },
        }),
      ]
    } finally {
      await deployment.stop()
    }
  },
}

/** From its start to its first output. */
async function plainShell(): Promise<number> {
  const started = performance.now()
  const shell = startPlainShell()
  await shell.nextOutput()
  const elapsed = performance.now() - started
  await shell.end()
  return elapsed
}
