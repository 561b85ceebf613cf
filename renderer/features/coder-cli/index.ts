export { CoderCliSheet } from './coder-cli-sheet.tsx'
