import { createElement } from 'react'
import {
  ActivityIcon,
  BookOpenIcon,
  BoxIcon,
  CodeXmlIcon,
  DatabaseIcon,
  FolderIcon,
  GitBranchIcon,
  GlobeIcon,
  ImageIcon,
  ListIcon,
  PlugIcon,
  type Icon,
} from '../../ui/icons.tsx'

/** Pictures that every Coder server has (its `site/static/icon`), each with the one of ours that stands for it. */
export const knownIcons: readonly { readonly url: string; readonly label: string; readonly icon: Icon }[] = [
  { url: '/icon/code.svg', label: 'Code', icon: CodeXmlIcon },
  { url: '/icon/git.svg', label: 'Git', icon: GitBranchIcon },
  { url: '/icon/github.svg', label: 'GitHub', icon: GitBranchIcon },
  { url: '/icon/gitlab.svg', label: 'GitLab', icon: GitBranchIcon },
  { url: '/icon/database.svg', label: 'Database', icon: DatabaseIcon },
  { url: '/icon/grafana.svg', label: 'Grafana', icon: ActivityIcon },
  { url: '/icon/datadog.svg', label: 'Datadog', icon: ActivityIcon },
  { url: '/icon/confluence.svg', label: 'Confluence', icon: BookOpenIcon },
  { url: '/icon/atlassian.svg', label: 'Atlassian', icon: ListIcon },
  { url: '/icon/figma.svg', label: 'Figma', icon: ImageIcon },
  { url: '/icon/google.svg', label: 'Google', icon: GlobeIcon },
  { url: '/icon/container.svg', label: 'Container', icon: BoxIcon },
  { url: '/icon/folder.svg', label: 'Folder', icon: FolderIcon },
]

/** Ours for a server's icon. The window loads no picture from anywhere, so others get the plug. */
export function ServerIcon({ url }: { readonly url: string }) {
  const known = knownIcons.find((one) => one.url === url.trim())
  return createElement(known?.icon ?? PlugIcon)
}
