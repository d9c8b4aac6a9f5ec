import type { tasks as english } from '../en/tasks.ts'
import type { Translation } from '../translation.ts'

export const tasks: Translation<typeof english> = {
  one: '任务',
  label: '任务类型',
  title: '每次运行把什么变成什么',
  text: '任务决定指标：句子与句子用 BLEU 比较，注释词与注释词用词错误率比较。Ctrl+Z 可撤销选择。',
  names: {
    s2t: '手语到文本',
    s2g2t: '手语到注释词，再到文本',
    s2gt: '手语到注释词和文本',
    g2t: '注释词到文本',
    cslr: '连续手语识别',
    islr: '孤立手语识别',
  },
  importHint: 'CSLR 和 ISLR 的输出是注释词，用词错误率评分。',
  mixed: '这些运行的任务不同（{tasks}）。读取注释词或用注释词训练的系统，得到的信息比只看手语的系统多。',
  elsewhere:
    '没有运行 | 所选运行中有 1 个输出注释词，此处不显示；其词错误率见“分数”。 | 所选运行中有 {n} 个输出注释词，此处不显示；其词错误率见“分数”。',
  glossScores: '注释词：词错误率',
  reference: '对照',
  referenceTip: '识别出的注释词与什么比较',
  cleanup: '清理',
  cleanups: { none: '无', phoenix2014: 'PHOENIX-2014', phoenix2014t: 'PHOENIX-2014T' },
  cleanupTip:
    '已发表的代码先对双方手语词所做的处理，同 neccam/slt：去掉非手语标记与附加标记，连接拼写字母，合并重复',
  ownGlosses: '随片段导入的注释词',
  tier: '层 {name}',
  noGlosses: '没有可比较的注释词',
  noGlossesText: '请在上方选择标注了这些片段的层，或连同注释词重新导入片段。',
  substitutions: '替换',
  deletions: '缺失',
  insertions: '插入',
  words: '参考注释词',
}
