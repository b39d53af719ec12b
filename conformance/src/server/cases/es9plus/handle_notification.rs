//! ES9+.HandleNotification (SGP.22 §5.6.4, §3.1.3.3, §3.5).

use protocol::status::StatusCode as Code;

use crate::case::{Function, Head, Variants};
use crate::pki::EuiccDefect;
use crate::server::Case;
use crate::server::call::Notify;
use crate::server::cases::{AUTHENTICATE, DOWNLOAD, INITIATE, smdp};
use crate::server::expected::Expected::{Executed, NotExecuted, Refused};
use crate::server::message::{Form, Member};
use crate::server::orders::OrderKind::Released;
use crate::server::step::Step::{self, As, HandleNotification as Notified, Order, Whatever};

const FUNCTION: Function = Function { interface: "ES9+", name: "HandleNotification", section: "5.6.4" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement).tagged(&["notification"])
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement).tagged(&["notification"])
}

const ALL: Variants = Variants::ALL;
const CURVES: Variants = Variants::CURVES;
const BINDINGS: Variants = Variants::BINDINGS;
const ONCE: Variants = Variants::ONCE;

const NOTIFICATION: Member = Member("pendingNotification");
const INSTALLED: Step = Notified(Notify::Installed);
const OVER: &[Code] = &[Code::MATCHING_ID_REFUSED, Code::PROFILE_NOT_RELEASED, Code::EID_REFUSED];

pub(super) const CASES: &[Case] = &[
    smdp(
        must(1, "acknowledges the result of an installation"),
        ALL,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED],
        Executed,
    ),
    smdp(
        must(2, "acknowledges that the MAC of a segment was wrong"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, Notified(Notify::NotInstalled(5, 8))],
        Executed,
    ),
    smdp(
        must(3, "acknowledges that a signature in the package was wrong"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, Notified(Notify::NotInstalled(0, 2))],
        Executed,
    ),
    smdp(
        must(4, "acknowledges that the metadata could not be stored"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, Notified(Notify::NotInstalled(2, 1))],
        Executed,
    ),
    smdp(
        must(5, "acknowledges that the ICCID is on the eUICC already"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, Notified(Notify::NotInstalled(2, 9))],
        Executed,
    ),
    smdp(
        must(6, "acknowledges that the memory was full"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, Notified(Notify::NotInstalled(5, 10))],
        Executed,
    ),
    smdp(
        must(7, "acknowledges a reason that it does not know"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, Notified(Notify::NotInstalled(5, 99))],
        Executed,
    ),
    smdp(
        must(8, "acknowledges the same result again"),
        ALL,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, Notified(Notify::Again)],
        Executed,
    ),
    smdp(
        must(9, "ends the order with the installation"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, INITIATE, AUTHENTICATE],
        Refused(OVER),
    ),
    smdp(
        should(10, "ends the order with an installation that failed"),
        ONCE,
        &[
            Order(Released),
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            Notified(Notify::NotInstalled(5, 8)),
            INITIATE,
            AUTHENTICATE,
        ],
        Refused(OVER),
    ),
    smdp(
        should(11, "does not believe a result that another key has signed"),
        CURVES,
        &[
            Order(Released),
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            Whatever(&Notified(Notify::ForeignSignature)),
            INITIATE,
            AUTHENTICATE,
        ],
        Executed,
    ),
    smdp(
        must(12, "acknowledges a result of a session that it does not know"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, Notified(Notify::OtherTransaction)],
        Executed,
    ),
    smdp(
        must(13, "does not end an order for the result of another session"),
        ONCE,
        &[
            Order(Released),
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            Whatever(&Notified(Notify::OtherTransaction)),
            INITIATE,
            AUTHENTICATE,
        ],
        Executed,
    ),
    smdp(
        must(14, "acknowledges that a profile was enabled"),
        ALL,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, Notified(Notify::Enabled)],
        Executed,
    ),
    smdp(
        must(15, "acknowledges that a profile was disabled"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, Notified(Notify::Disabled)],
        Executed,
    ),
    smdp(
        must(16, "acknowledges that a profile was deleted"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, INSTALLED, Notified(Notify::Deleted)],
        Executed,
    ),
    smdp(
        must(17, "acknowledges the same notification again"),
        ONCE,
        &[
            Order(Released),
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            INSTALLED,
            Notified(Notify::Enabled),
            Notified(Notify::Again),
        ],
        Executed,
    ),
    smdp(
        should(18, "refuses a notification that ends too early"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, Notified(Notify::NotDer)],
        NotExecuted,
    ),
    smdp(
        should(19, "refuses the value of a notification without its tag"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, Notified(Notify::WithoutTag)],
        NotExecuted,
    ),
    smdp(
        must(20, "refuses a request without pendingNotification").tagged(&["notification", "json"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, As(Form::Without(NOTIFICATION), &INSTALLED)],
        NotExecuted,
    ),
    smdp(
        should(21, "passes over members that it does not know").tagged(&["notification", "json"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, As(Form::Unknown, &INSTALLED)],
        Executed,
    ),
    smdp(
        should(22, "does not take the deletion of a profile by a stranger for one"),
        ONCE,
        &[
            Order(Released),
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            Whatever(&Notified(Notify::ForeignOther)),
            INITIATE,
            AUTHENTICATE,
        ],
        Executed,
    ),
    smdp(
        should(23, "does not believe a notification below an unknown CI"),
        ONCE,
        &[
            Order(Released),
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            Whatever(&Notified(Notify::Chain(EuiccDefect::CiUnknown))),
            INITIATE,
            AUTHENTICATE,
        ],
        Executed,
    ),
];
