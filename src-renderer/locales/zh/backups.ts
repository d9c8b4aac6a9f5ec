import type { backups as en } from '../en/backups.ts'
import type { Translation } from '../translation.ts'

export const backups: Translation<typeof en> = {
  command: '备份…',
  open: '备份…',
  title: '{name} 的备份',
  lead: '选择一个备份查看其内容。恢复前会先备份当前状态。',
  damaged: '此备份本身已损坏。请选择另一个。',
  holds: '包含',
  held: '数量',
  since: '此后的变化',
  annotations: '标注',
  references: '参考译文',
  clips: '片段',
  editsSince: '此后没有编辑。 | 此后有一次编辑。 | 此后有 {n} 次编辑。',
  notCompared: '无法与当前语料库比较。',
  lastEdits: '其最后的编辑',
}
