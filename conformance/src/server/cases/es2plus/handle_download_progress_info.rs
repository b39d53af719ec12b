//! ES2+.HandleDownloadProgressInfo (SGP.22 §5.3.5, §3.1.3), which the SM-DP+ calls: what an operator is told of a download.

use protocol::status::StatusCode as Code;

use super::{ORDERED, RELEASED};
use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{Cancel, Code as Entered, Confirm, Download, Notify, Reported};
use crate::server::cases::{AUTHENTICATE, DOWNLOAD, INITIATE, smdp};
use crate::server::expected::Expected::Answer;
use crate::server::property::report as property;
use crate::server::step::Step::{
    self, AnotherEuicc, AsOftenAsItGoes, CancelSession, ConfirmOrder, GetBoundProfilePackage,
    HandleNotification, RefuseReport, Report, TakesReports, UnlessFirst, Whatever,
};

const FUNCTION: Function =
    Function { interface: "ES2+", name: "HandleDownloadProgressInfo", section: "5.3.5" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement).tagged(&["report"])
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement).tagged(&["report"])
}

const ONCE: Variants = Variants::ONCE;
const INSTALLED: Step = HandleNotification(Notify::Installed);
const NOT_INSTALLED: Step = HandleNotification(Notify::NotInstalled(5, 8));
const OF_INSTALLATION: Step = Report(Reported::Point(4));
const WITH_CODE: Step = ConfirmOrder(Confirm::RELEASED.with_code());
const WRONG_CODE: Step = GetBoundProfilePackage(Download::Code(Entered::Wrong));

const fn cancelled(reason: u8) -> Step {
    CancelSession(Cancel::Reason(reason))
}

pub(super) const CASES: &[Case] = &[
    smdp(
        must(1, "reports an installation, with every member that the function has"),
        ONCE,
        &[TakesReports, ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, OF_INSTALLATION],
        Answer(property::IS_COMPLETE),
    ),
    smdp(
        must(2, "reports an installation that went well as Executed-Success"),
        ONCE,
        &[TakesReports, ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, OF_INSTALLATION],
        Answer(property::OF_SUCCESS),
    ),
    smdp(
        must(3, "names the profile and its type"),
        ONCE,
        &[TakesReports, ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, OF_INSTALLATION],
        Answer(property::IS_OF_THE_PROFILE),
    ),
    smdp(
        must(4, "names the eUICC"),
        ONCE,
        &[TakesReports, ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, OF_INSTALLATION],
        Answer(property::HAS_THE_EID),
    ),
    smdp(
        must(5, "hands on what the eUICC said of the installation"),
        ONCE,
        &[TakesReports, ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, OF_INSTALLATION],
        Answer(property::RESULT_DATA),
    ),
    smdp(
        must(6, "sends a header with both identifiers"),
        ONCE,
        &[TakesReports, ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, OF_INSTALLATION],
        Answer(property::HAS_A_HEADER),
    ),
    smdp(
        must(7, "sends JSON, with its version of SGP.22"),
        ONCE,
        &[TakesReports, ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, OF_INSTALLATION],
        Answer(property::IS_JSON),
    ),
    smdp(
        must(8, "writes the time as the schema has it"),
        ONCE,
        &[TakesReports, ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, OF_INSTALLATION],
        Answer(property::TIMESTAMP),
    ),
    smdp(
        must(9, "reports an installation that failed as Failed"),
        ONCE,
        &[TakesReports, ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, NOT_INSTALLED, OF_INSTALLATION],
        Answer(property::OF_FAILURE),
    ),
    smdp(
        must(10, "hands on what the eUICC said of an installation that failed"),
        ONCE,
        &[TakesReports, ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, NOT_INSTALLED, OF_INSTALLATION],
        Answer(property::RESULT_DATA),
    ),
    smdp(
        must(11, "reports that the end user has rejected the download"),
        ONCE,
        &[
            TakesReports,
            ORDERED,
            RELEASED,
            INITIATE,
            AUTHENTICATE,
            cancelled(0),
            Report(Reported::Code(Code::ORDER_REFUSED)),
        ],
        Answer(property::IS_COMPLETE),
    ),
    smdp(
        must(12, "reports that profile policy rules are not allowed"),
        ONCE,
        &[
            TakesReports,
            ORDERED,
            RELEASED,
            INITIATE,
            AUTHENTICATE,
            cancelled(3),
            Report(Reported::Code(Code::PPR_NOT_ALLOWED)),
        ],
        Answer(property::IS_COMPLETE),
    ),
    smdp(
        must(13, "reports that the metadata has changed"),
        ONCE,
        &[
            TakesReports,
            ORDERED,
            RELEASED,
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            cancelled(4),
            Report(Reported::Code(Code::METADATA_CHANGED)),
        ],
        Answer(property::IS_COMPLETE),
    ),
    smdp(
        must(14, "reports that the package could not be loaded"),
        ONCE,
        &[
            TakesReports,
            ORDERED,
            RELEASED,
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            cancelled(5),
            Report(Reported::Code(Code::BPP_EXECUTION_ERROR)),
        ],
        Answer(property::IS_COMPLETE),
    ),
    smdp(
        must(15, "reports a session that was cancelled for an undefined reason"),
        ONCE,
        &[
            TakesReports,
            ORDERED,
            RELEASED,
            INITIATE,
            AUTHENTICATE,
            cancelled(127),
            Report(Reported::Code(Code::RSP_EXECUTION_ERROR)),
        ],
        Answer(property::IS_COMPLETE),
    ),
    smdp(
        must(16, "reports nothing of a download that is postponed"),
        ONCE,
        &[
            TakesReports,
            AnotherEuicc,
            ORDERED,
            RELEASED,
            INITIATE,
            AUTHENTICATE,
            cancelled(1),
            INITIATE,
            AUTHENTICATE,
            cancelled(0),
            Report(Reported::Code(Code::ORDER_REFUSED)),
        ],
        Answer(property::NOTHING_BEFORE),
    ),
    smdp(
        must(17, "reports nothing of a session that has timed out"),
        ONCE,
        &[
            TakesReports,
            AnotherEuicc,
            ORDERED,
            RELEASED,
            INITIATE,
            AUTHENTICATE,
            cancelled(2),
            INITIATE,
            AUTHENTICATE,
            cancelled(0),
            Report(Reported::Code(Code::ORDER_REFUSED)),
        ],
        Answer(property::NOTHING_BEFORE),
    ),
    smdp(
        should(18, "reports at point 2 that the confirmation code was wrong too often, within 30 tries"),
        ONCE,
        &[
            TakesReports,
            ORDERED,
            WITH_CODE,
            Whatever(&AsOftenAsItGoes(&[INITIATE, AUTHENTICATE, Whatever(&WRONG_CODE)])),
            // Each try is an attempt to download, too.
            UnlessFirst(Code::DOWNLOAD_ATTEMPTS_EXCEEDED, Code::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED),
            Report(Reported::Point(2)),
        ],
        Answer(property::CODE_ATTEMPTS_EXCEEDED),
    ),
    smdp(
        should(19, "sends a report again that was answered with 500").tagged(&["report", "retry"]),
        ONCE,
        &[
            TakesReports,
            AnotherEuicc,
            ORDERED,
            RELEASED,
            RefuseReport,
            INITIATE,
            AUTHENTICATE,
            cancelled(0),
            Report(Reported::Failure),
            Report(Reported::Failure),
        ],
        Answer(property::AGAIN),
    ),
    smdp(
        must(20, "names the time of the operation"),
        ONCE,
        &[TakesReports, ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, OF_INSTALLATION],
        Answer(property::TIMELY),
    ),
];
