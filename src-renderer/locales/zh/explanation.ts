import type { explanation as en } from '../en/explanation.ts'
import type { Translation } from '../translation.ts'

export const explanation: Translation<typeof en> = {
  title: '模型看向何处',
  attention: '注意力',
  nearest: '最近词',
  most: '最多',
  toggle: '轨道',
  toggleTip: '在视频下方显示模型写每个词时看向何处',
  chosen: '所选输出',
  wordTip: '显示模型写这个词时看向何处；单击跳到峰值',
  peak: '{word}：峰值在 {seconds} 秒',
  honest:
    '注意力不是证据：每个词一行，解码器写该词时所看之处最亮（上层平均）。模型可能看着一处，却从另一处得知。',
  nearestTip:
    '每个视觉标记在词表中嵌入最近的词条：它像什么，而不是翻译。实线：帧；虚线：运动窗口，几乎看过整个片段。',
  spatialToken: '{words} · 帧 {from}–{to} 秒 | {words} · {n} 个标记，帧 {from}–{to} 秒',
  motionToken: '{words} · 运动窗口 {from}–{to} 秒 | {words} · {n} 个标记，运动窗口 {from}–{to} 秒',
  ctc: {
    title: '识别器逐步的标签',
    both: '手语词',
    bothTip: '各步折叠而成的序列：前缀束搜索与每步最可能的标签一致',
    beam: '前缀束',
    beamTip: '各路径概率之和最高的序列（前缀束搜索）',
    greedy: '最佳路径',
    greedyTip: '每步最可能的标签，合并重复并去掉空白',
    blank: '∅ 空白',
    blankShare: '空白最优：{share} %',
    glossTip: '{gloss}：最可能路径上的第 {first}–{last} 步，最强一步 P = {probability}',
    labelTip: '{gloss}：第 {first}–{last} 步',
    honest:
      '每列是识别器的一步，每行是一个标签：越深越可能；0.5 起加框。用 CTC 训练的网络只短暂激活，往往偏晚，其间输出空白：所示百分比的步中空白最可能。手语词的区间是它激活之处，而不是手语的时长。',
  },
  none: '还没有运行翻译过这个片段：没有可解释的内容。',
  imported: '此输出从文件导入：不知道其系统看向何处。',
  glosses: '此运行只读取片段的注释词，从未看过视频。',
  earlier: '此运行由不保存注意力的早期版本生成。重新翻译该片段即可查看。',
  changed: '视频的帧数比生成此输出时少。请重新翻译该片段。',
  noWords: '此输出没有词。',
}
