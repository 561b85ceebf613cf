import '../styles/index.css'
import { createRoot } from 'react-dom/client'
import { createApi } from '../api/create-api.ts'
import { windowBridge } from '../api/window-bridge.ts'
import { createOutpost } from './outpost.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no root element')
const bridge = windowBridge()
createRoot(root).render(createOutpost({ api: createApi(bridge), bridge }))
