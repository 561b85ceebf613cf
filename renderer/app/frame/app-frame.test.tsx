import { act, fireEvent, render, screen } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { AppFrame } from './app-frame.tsx'
import { railCollapsed } from './rail-state.ts'

const select = vi.fn()

function Window({ pageKey }: { readonly pageKey: string }) {
  return (
    <AppFrame
      pageKey={pageKey}
      onReload={() => undefined}
      switcher={<span>acme</span>}
      railItems={[
        { id: 'w', label: 'Workspaces', active: true, detail: 13, href: '#/workspaces', onSelect: select },
        { id: 't', label: 'Templates', href: '#/templates', onSelect: select },
      ]}
      railFoot={[{ id: 's', label: 'Settings', href: '#/settings', onSelect: select }]}
    >
      <h1>{pageKey}</h1>
      <input aria-label="Search" />
    </AppFrame>
  )
}

const press = (key: string, init: KeyboardEventInit = {}) => {
  act(() => {
    document.body.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }),
    )
  })
}

beforeEach(() => {
  railCollapsed.set(false)
  select.mockClear()
})

it('goes to a place from the rail without a jump of the browser, and says where one is', () => {
  render(<Window pageKey="workspaces" />)
  const link = screen.getByRole('link', { name: 'Templates' })
  expect(fireEvent.click(link)).toBe(false)
  expect(select).toHaveBeenCalledOnce()
  expect(screen.getByRole('link', { name: /Workspaces/ }).getAttribute('aria-current')).toBe('page')
})

it('moves the focus to a new page, but not away from a field in it', () => {
  const { rerender } = render(<Window pageKey="workspaces" />)
  expect(document.activeElement).toBe(document.body)
  screen.getByRole('link', { name: 'Templates' }).focus()
  rerender(<Window pageKey="templates" />)
  expect(document.activeElement).toBe(screen.getByRole('main'))
  screen.getByRole('textbox', { name: 'Search' }).focus()
  rerender(<Window pageKey="settings" />)
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Search' }))
})

it('lets the keyboard skip to the page', () => {
  render(<Window pageKey="workspaces" />)
  fireEvent.click(screen.getByRole('link', { name: 'Skip to the page' }))
  expect(document.activeElement).toBe(screen.getByRole('main'))
})

it('opens the palette and folds the rail by keys; folded links keep their names', async () => {
  render(<Window pageKey="workspaces" />)
  press('b', { ctrlKey: true })
  expect(railCollapsed.get()).toBe(true)
  expect(screen.getByRole('link', { name: 'Templates' })).toBeTruthy()
  press('k', { ctrlKey: true })
  expect(await screen.findByRole('dialog', { name: 'Search or run a command' })).toBeTruthy()
})
