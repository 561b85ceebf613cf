import { expect, it } from 'vitest'
import { decideExternalUrl } from '../../security/external-url.ts'
import { editors } from '#ipc/files'
import { editorLink } from './editor-links.ts'

const target = {
  deploymentUrl: 'https://coder.acme.dev',
  ownerName: 'ada',
  workspaceName: 'main',
  agentName: 'dev',
  location: '/home/ada/a b&c#d',
}

it.each([
  [
    'vscode',
    'vscode://coder.coder-remote/open?owner=ada&workspace=main&agent=dev&folder=%2Fhome%2Fada%2Fa%20b%26c%23d&url=https%3A%2F%2Fcoder.acme.dev',
  ],
  [
    'jetbrains',
    'jetbrains://gateway/com.coder.toolbox?url=https%3A%2F%2Fcoder.acme.dev&workspace=main&agent_name=dev&folder=%2Fhome%2Fada%2Fa%20b%26c%23d',
  ],
  [
    'jetbrains-gateway',
    'jetbrains-gateway://connect#type=coder&url=https%3A%2F%2Fcoder.acme.dev&workspace=main&agent=dev&folder=%2Fhome%2Fada%2Fa%20b%26c%23d',
  ],
  ['zed', 'zed://ssh/coder.ada--main--dev/home/ada/a%20b%26c%23d'],
] as const)('makes the link of %s', (editor, expected) => {
  expect(editorLink(editor, target)).toBe(expected)
})

it('opens what was open last where no folder is meant', () => {
  expect(editorLink('cursor', { ...target, location: null })).toBe(
    'cursor://coder.coder-remote/open?owner=ada&workspace=main&agent=dev&url=https%3A%2F%2Fcoder.acme.dev&openRecent=true',
  )
})

it('makes only links that the gate asks about, whatever a workspace is called', () => {
  const hostile = { ...target, workspaceName: 'a b/../?x=1&token=\u202E', location: '/\n//@evil.test/' }
  for (const editor of editors) {
    const link = editorLink(editor, hostile)
    const decision = decideExternalUrl(link, { source: 'app', deploymentHosts: new Set() })
    expect(decision).toMatchObject({ kind: 'ask', target: editor })
    expect(new URL(link).searchParams.get('token')).toBeNull()
  }
})
