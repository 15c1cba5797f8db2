/** The names by which the page calls what the server tells. */

export interface Me { coder: string; role: string; codes: boolean; csrf: string; study: string; can: string[]; today: { changes: number; codings: number }; seq: number; blind_in: string[] }
export interface RecordingShape { id: string; name: string; kind: string; part: number; view: string; offset_ms: number; duration_ms: number; media_type: string; width: number | null; height: number | null; missing: boolean }
export interface Interview { key: string; date: string | null; participant: string | null; duration_ms: number; language: string | null; state: string[]; recordings: RecordingShape[] }
export interface Session extends Omit<Interview, "participant"> { number: number | null; n_codings: number; n_moments: number; interviews: Interview[] }
export interface DyadShape { key: string; members: { key: string; role: string }[]; sessions: Session[] }
export interface StudyShape { seq: number; title: string; dyads: DyadShape[]; coders: { name: string; role: string }[]; codebooks: { name: string; title: string; version: string; codes: number }[] }
export interface Word { id: string; text: string; start_ms: number; end_ms: number; confidence: number | null; speaker: string | null; interpolated: boolean; doubtful: boolean }
export interface Segment { key: string; speaker: string | null; role: string | null; start_ms: number; end_ms: number; text: string; confidence: number | null; flags: string[]; words: Word[]; version: string }
export interface Speaker { label: string; role: string | null; name: string | null; title: string }
export interface Transcript { key: string; version: string; language: string; engine: string; model: string; duration_ms: number; speakers: Speaker[]; segments: Segment[] }
export interface Coding { key: string; codebook: string; code: string; coder: string; target: string; kind: string; start_ms: number; end_ms: number; rating: number | null; about: string | null; certainty: string | null; memo: string; round: string | null; quote: string; moved: string | null; version: string }
export interface Comment { key: string; speaker: string; interview_start_ms: number; interview_end_ms: number; text: string; prompt: string | null; session_start_ms: number | null; session_end_ms: number | null; temporal_frame: string | null; moment: string | null; about: string | null; may_be_quoted: boolean | null; may_be_shown: boolean | null; moved: boolean; version: string }
export interface MapPiece { number: number; interview_start_ms: number; interview_end_ms: number; session_start_ms: number; session_end_ms: number; confidence: number | null; source: string; pinned: boolean }
export interface Pause { session_ms: number | null; interview_start_ms: number; interview_end_ms: number; initiated_by: string | null }
export interface Recall { key: string; session: string; participant: string; version: string; map: MapPiece[]; behind: string | null; pauses: Pause[]; comments: Comment[] }
export interface Moment { key: string; start_ms: number; end_ms: number; source: string; label: string | null; client: string[]; therapist: string[]; moved: boolean; version: string }
export interface Anchored { value: number; text: string }
export interface ScaleShape { name: string; min: number | null; max: number | null; step: number | null; level: string; no_evidence: number | null; anchors: Anchored[] }
export interface Code { key: string; name: string; parent: string | null; definition: string; include: string; exclude: string; examples: string[]; codable: boolean; retired: boolean; exclusive: boolean; shortcut: string | null; speaker: string | null; applied: { unit: string | null; window_ms: number | null; scale: string | null; speaker: string | null }; shown_colour: string | null; rivals: string[] }
export interface Codebook { name: string; title: string; version: string; citation: string; unit: string; window_ms: number | null; scales: ScaleShape[]; codes: Code[] }
export interface Assignment { key: string; codebook: string; round: string; purpose: string; blind: boolean; state: string; unit: string; coders: { coder: string; submitted_at: string | null; coded: number | null }[]; mine: { submitted: boolean; done: number; total: number } | null }
export interface Unit { target: string; kind: string; session: string; start_ms: number; end_ms: number; quote: string; done: boolean }
export interface Job { id: string; step: string; key: string; state: string; progress: number | null; left_s: number | null; message: string | null }
export interface Entry { seq: number; at: string; author: string; what: string; subject: string | null; kind: string; keys: string[]; kinds: string[] }
export interface Given { coder: string; codes: { code: string; rating: number | null }[] }
export interface Difference { codebook: string; round: string | null; target: string; start_ms: number; end_ms: number; quote: string; given: Given[]; settled: string[] }
export interface Adjudication { key: string; codebook: string; code: string; target: string; start_ms: number; end_ms: number; rating: number | null; about: string | null; round: string | null; reason: string; decided_by: string; decided_at: string; quote: string; version: string }
export interface Stretch { start_ms: number; end_ms: number; agree: boolean; given: Given[] }
export interface Compared { session: string; codebook: string; round: string | null; coders: string[]; stretches: Stretch[]; differences: Difference[]; settled: Adjudication[] }
export interface Figure { statistic: string; codebook: string; code: string | null; unit: string; denominator: string; coders: string[]; n_units: number; observed: number | null; expected: number | null; value: number | null; ci: [number, number] | null; reason: string | null; interval: string }
export interface Agreement { coders: string[]; figures: Figure[]; notes: string[] }
export interface Keymap { keys: { action: string; label: string; keys: string[]; in_text: boolean }[]; settings: Record<string, number>; changed: string[] }
export interface Doubt { kind: string; segment: string; start_ms: number; end_ms: number; words: string[]; why: string }
export interface Hit { kind: string; key: string; place: string; start_ms: number; end_ms: number; text: string }
