import { readFile } from 'node:fs/promises'
import { listDescendants } from '../fixtures/process-tree.ts'
import { expect, test } from '../fixtures/test.ts'

// Root has no sandbox, so scripts/e2e.ts runs this file as an ordinary user.
test.describe('The sandbox', { tag: '@user' }, () => {
  test('holds every page: system calls are filtered and the process has namespaces of its own', async ({
    outpost,
  }) => {
    const { pid } = await outpost.launch()
    const renderers = (await listDescendants(pid)).filter(({ command }) =>
      command.includes('--type=renderer'),
    )
    expect(renderers.length).toBeGreaterThan(0)
    for (const renderer of renderers) {
      const status = await readFile(`/proc/${renderer.pid}/status`, 'utf8')
      // 2 is SECCOMP_MODE_FILTER, see proc(5).
      expect(status).toMatch(/^Seccomp:\t2$/m)
      expect(renderer.command).not.toContain('--no-sandbox')
      // Two numbers say that the process has one id outside and another one inside its own namespace.
      expect(status).toMatch(/^NSpid:\t\d+\t\d+/m)
    }
  })
})
