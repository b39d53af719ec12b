//! In what a bad call differs, by what it says of itself.

use conformance::server::call::{
    Authenticate, Cancel, Code, Confirm, Delete, Download, Given, Initiate, Notify, Profile, Register,
    Reserve, Wanted, Withdraw,
};
use conformance::server::message::Form;
use conformance::server::step::Step;

/// Parts, as the way to each.
pub enum Difference {
    /// In these and no other.
    In(Vec<&'static str>),
    /// In some of these and no other.
    Within(Vec<&'static str>),
}

pub fn expected(step: &Step) -> Difference {
    Difference::In(match step {
        Step::InitiateAuthentication(how) => initiate(*how),
        Step::AuthenticateClient(Authenticate::Chain(_)) => {
            return Difference::Within(vec![
                "authenticateServerResponse/BF38/A0/30#2",
                "authenticateServerResponse/BF38/A0/30#3",
                "authenticateServerResponse/BF38/A0/5F37",
            ]);
        }
        Step::AuthenticateClient(how) => authenticate(*how),
        Step::GetBoundProfilePackage(how) => download(*how),
        Step::HandleNotification(Notify::Chain(_)) => {
            return Difference::Within(vec![
                "pendingNotification/30/30",
                "pendingNotification/30/30#2",
                "pendingNotification/30/5F37",
            ]);
        }
        Step::HandleNotification(how) => notify(*how),
        Step::CancelSession(how) => cancel(*how),
        Step::DownloadOrder(how) => order(*how),
        Step::ConfirmOrder(how) => confirm(*how),
        Step::CancelOrder(how) => withdraw(*how),
        Step::ReleaseProfile(_) => vec!["iccid"],
        Step::RegisterEvent(Register::NotForwarded) => vec!["forwardingIndicator"],
        Step::DeleteEvent(Delete::Unknown) => vec!["eventId"],
        _ => Vec::new(),
    })
}

fn initiate(how: Initiate) -> Vec<&'static str> {
    match how {
        Initiate::Good | Initiate::SameChallenge => vec![],
        Initiate::UpperCaseAddress | Initiate::OtherAddress | Initiate::NoAddress => vec!["smdpAddress"],
        Initiate::Svn(_) => vec!["euiccInfo1/BF20/82"],
        Initiate::UnknownCiForSigning => vec!["euiccInfo1/BF20/AA/4"],
        Initiate::UnknownCiForVerification => vec!["euiccInfo1/BF20/A9/4"],
        Initiate::KnownCiSecond => vec![
            "euiccInfo1/BF20/A9/4",
            "euiccInfo1/BF20/A9/4#2",
            "euiccInfo1/BF20/AA/4",
            "euiccInfo1/BF20/AA/4#2",
        ],
        Initiate::NoCi => vec!["euiccInfo1/BF20/A9/4", "euiccInfo1/BF20/AA/4"],
        Initiate::UnknownMembers => vec!["euiccInfo1/BF20/88", "euiccInfo1/BF20/93"],
        Initiate::ShortChallenge => vec!["euiccChallenge"],
        Initiate::Info2 => vec!["euiccInfo1"],
    }
}

fn authenticate(how: Authenticate) -> Vec<&'static str> {
    match how {
        Authenticate::Good | Authenticate::Chain(_) => vec![],
        Authenticate::SpoiledSignature | Authenticate::ForeignSignature | Authenticate::ShortSignature => {
            vec!["authenticateServerResponse/BF38/A0/5F37"]
        }
        Authenticate::OtherTransaction => vec!["transactionId"],
        Authenticate::OtherTransactionInside => vec!["authenticateServerResponse/BF38/A0/30/80"],
        Authenticate::OtherServerAddress => vec!["authenticateServerResponse/BF38/A0/30/83"],
        Authenticate::OtherChallenge => vec!["authenticateServerResponse/BF38/A0/30/84"],
        Authenticate::NoMatchingId | Authenticate::EmptyMatchingId | Authenticate::MatchingId(_) => {
            vec!["authenticateServerResponse/BF38/A0/30/A0/80"]
        }
        Authenticate::UnknownMembers => vec![
            "authenticateServerResponse/BF38/A0/30/A0/A1/84",
            "authenticateServerResponse/BF38/A0/30/A0/A1/A3/C",
        ],
        Authenticate::OtherSvn => vec!["authenticateServerResponse/BF38/A0/30/BF22/82"],
        Authenticate::NoMemory => vec!["authenticateServerResponse/BF38/A0/30/BF22/84"],
        Authenticate::ForbidsPpr1 => vec!["authenticateServerResponse/BF38/A0/30/BF22/99"],
        Authenticate::ResponseError | Authenticate::NotDer | Authenticate::OtherObject => {
            vec!["authenticateServerResponse"]
        }
    }
}

fn download(how: Download) -> Vec<&'static str> {
    match how {
        Download::Good => vec![],
        Download::Key(_) => vec!["prepareDownloadResponse/BF21/A0/30/5F49"],
        Download::Code(
            Code::None | Code::Wrong | Code::HashedOnce | Code::OfAnotherSession | Code::NotAskedFor,
        ) => {
            vec!["prepareDownloadResponse/BF21/A0/30/4"]
        }
        Download::SpoiledSignature
        | Download::SignedWithoutSmdpSignature2
        | Download::OtherSmdpSignature2
        | Download::TooEarly => vec!["prepareDownloadResponse/BF21/A0/5F37"],
        Download::OtherTransaction => vec!["transactionId"],
        Download::OtherTransactionInside => vec!["prepareDownloadResponse/BF21/A0/30/80"],
        Download::ResponseError | Download::NotDer => vec!["prepareDownloadResponse"],
    }
}

fn notify(how: Notify) -> Vec<&'static str> {
    match how {
        Notify::Installed | Notify::Enabled | Notify::Again | Notify::Chain(_) => vec![],
        Notify::NotInstalled(..) => vec![
            "pendingNotification/BF37/BF27/A2/A0/4",
            "pendingNotification/BF37/BF27/A2/A0/4F",
            "pendingNotification/BF37/BF27/A2/A1/80",
            "pendingNotification/BF37/BF27/A2/A1/81",
        ],
        Notify::OtherTransaction => vec!["pendingNotification/BF37/BF27/80"],
        Notify::ForeignSignature => vec!["pendingNotification/BF37/5F37"],
        Notify::Disabled | Notify::Deleted => vec!["pendingNotification/30/BF2F/81"],
        Notify::ForeignOther => vec!["pendingNotification/30/5F37"],
        Notify::NotDer | Notify::WithoutTag => vec!["pendingNotification"],
    }
}

fn cancel(how: Cancel) -> Vec<&'static str> {
    match how {
        Cancel::Reason(_) => vec!["cancelSessionResponse/BF41/A0/30/82"],
        Cancel::OtherTransaction => vec!["transactionId"],
        Cancel::OtherTransactionInside => vec!["cancelSessionResponse/BF41/A0/30/80"],
        Cancel::OtherOid => vec!["cancelSessionResponse/BF41/A0/30/81"],
        Cancel::SpoiledSignature => vec!["cancelSessionResponse/BF41/A0/5F37"],
        Cancel::ResponseError | Cancel::NotDer => vec!["cancelSessionResponse"],
    }
}

fn those(all: &[(bool, &'static str)]) -> Vec<&'static str> {
    all.iter().filter(|(differs, _)| *differs).map(|(_, name)| *name).collect()
}

fn order(how: Reserve) -> Vec<&'static str> {
    let names_profile = !matches!(how.wanted, Wanted::AnyOfType | Wanted::UnknownType | Wanted::Nothing);
    let is_of_its_type = matches!(how.wanted, Wanted::AnyOfType | Wanted::ThisOfType(_));
    those(&[(how.eid.is_some(), "eid"), (names_profile, "iccid"), (!is_of_its_type, "profileType")])
}

fn confirm(how: Confirm) -> Vec<&'static str> {
    let good = Confirm::RELEASED;
    those(&[
        (how.code != good.code, "confirmationCode"),
        (how.eid != good.eid, "eid"),
        (how.profile != Profile::Last, "iccid"),
        (how.matching_id != good.matching_id, "matchingId"),
        (how.release != good.release, "releaseFlag"),
        (how.smds != good.smds, "smdsAddress"),
    ])
}

fn withdraw(how: Withdraw) -> Vec<&'static str> {
    those(&[
        (how.eid != Given::AsItIs, "eid"),
        (how.to != Withdraw::AVAILABLE.to, "finalProfileStatusIndicator"),
        (how.profile != Profile::Last, "iccid"),
        (how.matching_id != Given::AsItIs, "matchingId"),
    ])
}

/// The members of JSON in which a form differs from the right one; nothing of a body that is no object any more.
pub fn expected_of_form(form: &Form) -> Option<Vec<String>> {
    let member = match form {
        Form::CutOff | Form::Array | Form::NoBody => return None,
        Form::Without(member)
        | Form::Null(member)
        | Form::Number(member)
        | Form::Empty(member)
        | Form::Text(member, _)
        | Form::Wrapped(member)
        | Form::NotBase64(member)
        | Form::Truncated(member) => Some(member.0),
        Form::Unknown => Some("xRsplabUnknown"),
        Form::WithHeader | Form::WithoutHeader | Form::HeaderWithout(_) => Some("header"),
        Form::LowerCaseTransaction => Some("transactionId"),
        Form::Right
        | Form::InJson
        | Form::InAsn1
        | Form::ContentType(_)
        | Form::NoContentType
        | Form::Charset
        | Form::NoUserAgent
        | Form::NoAdminProtocol
        | Form::AdminProtocol(_)
        | Form::TrailingByte
        | Form::OuterTag(_)
        | Form::OtherPath(_) => None,
    };
    Some(member.map(str::to_owned).into_iter().collect())
}
