import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentManifest } from '../contract/agent-link.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { agentManifest } from '../testing/agent-manifest.ts'
import { waitFor } from '../testing/wait-for.ts'
import type { StateEvent } from './event-outbox.ts'
import { Metadata } from './metadata.ts'
import { createProcessTree } from './process-tree.ts'

let homeDir: string
let metadata: Metadata
const told: Extract<StateEvent, { type: 'metadata' }>[] = []

beforeEach(() => {
  homeDir = mkdtempSync(join(tmpdir(), 'outpost-metadata-'))
  told.length = 0
  metadata = new Metadata({
    clock: systemClock,
    outbox: {
      setState(_, event) {
        if (event.type === 'metadata') told.push(event)
      },
    },
    processTree: createProcessTree({
      homeDir,
      agentName: 'main',
      instanceId: 'test',
      clock: systemClock,
      logger: silentLogger,
    }),
  })
})
afterEach(async () => {
  await metadata.stop()
  rmSync(homeDir, { recursive: true, force: true })
})

function start(...items: (Partial<AgentManifest['metadata'][number]> & { script: string })[]): void {
  metadata.start({
    homeDir,
    environment: { PATH: process.env['PATH'], SHELL: '/bin/sh' },
    manifest: agentManifest({
      metadata: items.map((item, index) => ({
        key: String(index),
        interval_seconds: 0,
        timeout_seconds: 0,
        ...item,
      })),
    }),
  })
}

const all = (count: number) => waitFor('the values', () => (told.length >= count ? told : undefined))
const byKey = (key: string) => told.find((event) => event.key === key)

test('a value is what the script prints; a failure keeps it and tells why', async () => {
  start(
    { script: '#!/bin/sh\necho "  good $CODER_WORKSPACE_NAME "' },
    { script: 'echo half; echo why >&2; exit 4' },
    { script: 'kill -TERM $$' },
    { script: '/does/not/exist' },
  )
  await all(4)
  expect(byKey('0')).toMatchObject({ value: 'good ws', error: '' })
  expect(byKey('1')).toMatchObject({ value: 'half', error: 'exit status 4: why' })
  expect(byKey('2')?.error).toContain('SIGTERM')
  expect(byKey('3')?.error).toMatch(/^exit status 127: /)
})

test('a value is cut at 2 KiB and at a whole character', async () => {
  start({ script: 'i=0; while [ $i -lt 1500 ]; do printf ü; i=$((i+1)); done' })
  await all(1)
  expect(byKey('0')?.value).toBe('ü'.repeat(1024))
  expect(byKey('0')?.error).toContain('2048 bytes')
})

test('a script that hangs is ended with what it started', async () => {
  start({ script: 'echo begun; sleep 1000', timeout_seconds: 1 })
  await all(1)
  expect(byKey('0')).toMatchObject({ value: 'begun' })
  expect(byKey('0')?.error).toContain('longer than 1 s')
})

test('a value is measured again and again, never twice at a time', async () => {
  start({
    interval_seconds: 1,
    script: 'mkdir busy || echo overlap; sleep 1.2; rmdir busy; echo done',
  })
  await all(2)
  expect(told.map(({ value, error }) => [value, error])).toEqual(Array(told.length).fill(['done', '']))
})

test('stops at once, in the middle of a measurement', async () => {
  start({ script: 'touch begun; sleep 1000', timeout_seconds: 900 })
  await waitFor('it runs', () => (existsSync(join(homeDir, 'begun')) ? true : undefined))
  await metadata.stop()
  expect(told).toEqual([])
})
