import { createElement } from 'react'
import type { WorkspaceApp } from '#bridge/contract/workspace-apps'
import {
  AppWindowIcon,
  BookOpenIcon,
  BotIcon,
  CodeXmlIcon,
  DatabaseIcon,
  FolderIcon,
  GlobeIcon,
  MonitorIcon,
  TerminalIcon,
  type Icon,
} from '../../ui/icons.tsx'

/** An app's picture lies on its server and the window loads nothing from there, so its names choose among ours. */
const byWord: readonly (readonly [RegExp, Icon])[] = [
  [/terminal|shell|tmux/i, TerminalIcon],
  [/\b(?:ai|agents?|claude|codex|goose|aider)\b/i, BotIcon],
  [/code|cursor|windsurf|zed|jetbrains|idea|pycharm|goland|rider|webstorm/i, CodeXmlIcon],
  [/jupyter|notebook|docs?\b|wiki/i, BookOpenIcon],
  [/database|postgres|mysql|redis|sql|pgadmin/i, DatabaseIcon],
  [/desktop|vnc|rdp|novnc/i, MonitorIcon],
  [/files?\b|filebrowser/i, FolderIcon],
]

/** Coder's pictures of emoji are named by their code points: `/emojis/1f4bb.png`. */
const emojiName = /^\/emojis\/([0-9a-f]{2,6}(?:-[0-9a-f]{2,6}){0,7})\.png$/i

export function AppIcon({ app }: { readonly app: WorkspaceApp }) {
  const emoji = emojiName.exec(app.icon ?? '')?.[1]
  const points = emoji?.split('-').map((point) => Number.parseInt(point, 16)) ?? []
  if (points.length > 0 && points.every((point) => point <= 0x10_ff_ff)) {
    return (
      <span aria-hidden="true" className="grid size-4 flex-none place-items-center text-sm leading-none">
        {String.fromCodePoint(...points)}
      </span>
    )
  }
  const words = [app.slug, app.display_name ?? '', (app.icon ?? '').split('/').at(-1) ?? ''].join(' ')
  const usual = app.external ? GlobeIcon : (app.command ?? '') === '' ? AppWindowIcon : TerminalIcon
  const icon = byWord.find(([word]) => word.test(words))?.[1] ?? usual
  return createElement(icon, { className: 'size-4 flex-none text-fg-3' })
}
