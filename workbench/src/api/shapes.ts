/** The names by which the page calls what the server tells; their fields come from the server’s OpenAPI document. */

import type { components } from "./schema";

type Shapes = components["schemas"];

export type Me = Shapes["Me"];
export type StudyShape = Shapes["StudyShape"];
export type Session = Shapes["SessionShape"];
export type Interview = Shapes["InterviewShape"];
export type Transcript = Shapes["TranscriptShape"];
export type Segment = Shapes["SegmentShape"];
export type Segments = Shapes["SegmentsShape"];
export type Word = Shapes["WordShape"];
export type Doubt = Shapes["DoubtShape"];
export type Voice = Shapes["VoiceShape"];
export type Voicing = Partial<Shapes["Voicing"]> & Pick<Shapes["Voicing"], "do">;
export type Coding = Shapes["CodingShape"];
export type Codebook = Shapes["CodebookShape"];
export type Code = Shapes["CodeShape"];
export type Assignment = Shapes["AssignmentShape"];
export type AssignmentWithUnits = Shapes["AssignmentWithUnits"];
export type Unit = Shapes["UnitShape"];
export type Recall = Shapes["RecallShape"];
export type Comment = Shapes["CommentShape"];
export type MapPiece = Shapes["NumberedShape"];
export type MapEdit = Partial<Shapes["MapEdit"]> & Pick<Shapes["MapEdit"], "do">;
export type Uploaded = Shapes["Uploaded"];
export type Memo = Shapes["MemoShape"];
export type Moment = Shapes["MomentShape"];
export type Compared = Shapes["CompareShape"];
export type Difference = Shapes["DifferenceShape"];
export type Stretch = Shapes["StretchShape"];
export type Given = Shapes["GivenShape"];
export type Adjudication = Shapes["AdjudicationShape"];
export type Agreement = Shapes["AgreementShape"];
export type Figure = Shapes["FigureShape"];
export type Entry = Shapes["EventShape"];
export type Keymap = Shapes["Keymap"];
export type Action = Keymap["keys"][number]["action"];
export type Hit = Shapes["HitShape"];
export type PeaksShape = Shapes["PeaksShape"];
export type Job = Shapes["JobShape"];
export type RoomShape = Shapes["RoomShape"];
export type RoomEvent = Shapes["RoomEvent"];
export type Format = Shapes["FormatShape"];
export type ReportShape = Shapes["ReportShape"];
export type GridShape = Shapes["GridShape"];
