import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { sampleActions, sampleCall, showRows } from '../../../../testing/transcript-samples.tsx'

afterEach(cleanup)

const said = (container: HTMLElement): string => container.textContent.replaceAll(/\s+/g, ' ')
const push = (result: object) =>
  sampleCall(
    'execute',
    { command: 'git push' },
    { success: false, output: 'fatal', exit_code: 128, ...result },
  )

describe('a command that needs a sign-in', () => {
  it('says where to, and goes there only after a click', () => {
    const actions = sampleActions()
    const url = 'https://coder.test/external-auth/github'
    const { container } = showRows(
      push({ auth_required: true, provider_display_name: 'Git\u202eHub', authenticate_url: url }),
      actions,
    )
    expect(said(container)).toContain('The command needs you to sign in to Git‹U+202E›Hub first.')
    expect(actions.onOpenLink).not.toHaveBeenCalled()
    fireEvent.click(screen.getByRole('button', { name: 'Sign in at coder.test' }))
    expect(actions.onOpenLink.mock.calls).toEqual([[url]])
  })

  it('names the host that a link leads to, whatever stands before it', () => {
    showRows(push({ authenticate_url: 'https://github.com@evil.test/login' }))
    expect(screen.getByRole('button', { name: 'Sign in at evil.test' })).toBeDefined()
  })

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'nonsense', ''])('offers no way to %j', (url) => {
    const { container } = showRows(
      push({ auth_required: true, provider_id: 'gitlab', authenticate_url: url }),
    )
    expect(said(container)).toContain('sign in to gitlab first. The deployment did not say where.')
    expect(screen.queryByRole('button', { name: /Sign in/ })).toBeNull()
  })

  it('is told from one that only failed', () => {
    const { container } = showRows(push({}))
    expect(said(container)).not.toContain('sign in')
  })
})

describe('waiting for a sign-in', () => {
  const wait = (result?: object) => sampleCall('wait_for_external_auth', { provider_id: 'github' }, result)

  it('says for whom it waits, also while nothing is answered yet', () => {
    const { container } = showRows(wait(), undefined, { isBusy: true })
    expect(said(container)).toContain('Waiting for you to sign in to github')
  })

  it('says that it ended, and that it was too late', () => {
    expect(said(showRows(wait({ authenticated: true, provider_display_name: 'GitHub' })).container)).toBe(
      'You signed in to GitHub',
    )
    cleanup()
    expect(said(showRows(wait({ authenticated: false, timed_out: true })).container)).toBe(
      'Waited for you to sign in to githubNot in time',
    )
  })
})
