import '../styles/index.css'
import { createRoot } from 'react-dom/client'
import { createApi } from '../api/create-api.ts'
import { windowBridge } from '../api/window-bridge.ts'
import { desktopOf } from './desktop-address.ts'
import { createOutpost } from './outpost.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no root element')
const bridge = windowBridge()
const deps = { api: createApi(bridge), bridge }
const desktop = desktopOf(location.hash)
if (desktop) {
  const { createDesktopWindow } = await import('./desktop-window.tsx')
  createRoot(root).render(createDesktopWindow({ ...deps, desktop }))
} else {
  createRoot(root).render(createOutpost(deps))
}
