import type { ComponentType, SVGProps } from 'react'
import { classNames } from '../lib/class-names.ts'

/**
 * The icons of the app by name, so that a look at this file shows all of them.
 * Size (16 px) and stroke (1.5 px) come from the stylesheet; lucide hides them from screen readers by itself.
 */
export {
  ActivityIcon,
  AlignLeftIcon,
  AppWindowIcon,
  ArchiveIcon,
  ArchiveRestoreIcon,
  ArrowDownIcon,
  ArrowDownToLineIcon,
  ArrowLeftIcon,
  ArrowLeftRightIcon,
  ArrowRightIcon,
  ArrowUpIcon,
  BellIcon,
  BookOpenIcon,
  BotIcon,
  BoxIcon,
  BrainIcon,
  BugIcon,
  BuildingIcon,
  CalendarClockIcon,
  CheckIcon,
  ChevronDownIcon,
  ChevronLeftIcon,
  ChevronRightIcon,
  ChevronUpIcon,
  ChevronsUpDownIcon,
  CircleHelpIcon,
  CirclePauseIcon,
  ClipboardPasteIcon,
  ClockIcon,
  CodeXmlIcon,
  Columns3Icon,
  CopyIcon,
  CpuIcon,
  DatabaseIcon,
  DownloadIcon,
  EllipsisIcon,
  ExternalLinkIcon,
  EyeIcon,
  EyeOffIcon,
  FileIcon,
  FilePlusIcon,
  FileSymlinkIcon,
  FileTextIcon,
  FileWarningIcon,
  FolderIcon,
  FolderOpenIcon,
  FolderPlusIcon,
  FolderSymlinkIcon,
  FolderUpIcon,
  FoldVerticalIcon,
  FolderTreeIcon,
  GitBranchIcon,
  GitMergeIcon,
  GitPullRequestClosedIcon,
  GitPullRequestDraftIcon,
  GitPullRequestIcon,
  GlobeIcon,
  HardDriveIcon,
  HistoryIcon,
  ImageIcon,
  InfoIcon,
  KeyRoundIcon,
  KeyboardIcon,
  LayersIcon,
  LayoutGridIcon,
  LightbulbIcon,
  ListFilterIcon,
  ListChecksIcon,
  ListIcon,
  ListTodoIcon,
  LockIcon,
  LogInIcon,
  LogOutIcon,
  MaximizeIcon,
  MessageSquareIcon,
  MicIcon,
  MinimizeIcon,
  MinusIcon,
  MonitorIcon,
  MoonIcon,
  PanelBottomIcon,
  PanelLeftIcon,
  PanelRightIcon,
  PaperclipIcon,
  PauseIcon,
  PencilIcon,
  PinIcon,
  PinOffIcon,
  PlayIcon,
  PlugIcon,
  PlusIcon,
  RefreshCwIcon,
  RotateCwIcon,
  SaveIcon,
  SearchIcon,
  ServerIcon,
  ShieldIcon,
  ShieldQuestionMarkIcon,
  SlidersHorizontalIcon,
  SparkleIcon,
  SplitSquareHorizontalIcon,
  StarIcon,
  SunIcon,
  TagIcon,
  TerminalIcon,
  TextSearchIcon,
  Trash2Icon,
  TriangleAlertIcon,
  Undo2Icon,
  UnplugIcon,
  UploadIcon,
  UserIcon,
  UsersIcon,
  WifiOffIcon,
  WrapTextIcon,
  WrenchIcon,
  XIcon,
  ZapIcon,
} from 'lucide-react'

/** Any icon of this file. */
export type Icon = ComponentType<SVGProps<SVGSVGElement>>

/** The product's own mark, a hut with a beacon. */
export function OutpostMark(props: SVGProps<SVGSVGElement>) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      {...props}
    >
      <path d="M2.5 13 8 4.8 13.5 13z" />
      <path d="M8 13V9.8" />
      <circle cx="8" cy="2" r="1.2" fill="currentColor" stroke="none" />
    </svg>
  )
}

/** Stop: a small square, quieter than the one of the icon package. */
export function SquareIcon({ className, ...rest }: SVGProps<SVGSVGElement>) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeLinejoin="round"
      aria-hidden="true"
      className={classNames('lucide', className)}
      {...rest}
    >
      <rect x="6" y="6" width="12" height="12" rx="2.25" />
    </svg>
  )
}
