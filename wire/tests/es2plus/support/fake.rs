use std::sync::{Arc, Mutex};

use protocol::es2plus::{
    Call, CallHeader, CancelOrder, ConfirmOrder, ConfirmOrderOk, DownloadOrder, DownloadOrderOk, Es2Plus,
    HandleDownloadProgressInfo, ReleaseProfile,
};
use protocol::status::Refusal;
use wire::es2plus::ProgressReceiver;

use super::messages;

/// An SM-DP+ that remembers who asked what.
#[derive(Clone, Default)]
pub struct Fake(Arc<State>);

#[derive(Default)]
struct State {
    seen: Mutex<Vec<(String, Asked)>>,
    refusal: Option<Refusal>,
    confirmed: Option<ConfirmOrderOk>,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Asked {
    Download(Call<DownloadOrder>),
    Confirm(Call<ConfirmOrder>),
    Cancel(Call<CancelOrder>),
    Release(Call<ReleaseProfile>),
}

impl Fake {
    pub fn refusing(refusal: Refusal) -> Self {
        Self(Arc::new(State { refusal: Some(refusal), ..State::default() }))
    }

    pub fn confirming(answer: ConfirmOrderOk) -> Self {
        Self(Arc::new(State { confirmed: Some(answer), ..State::default() }))
    }

    /// Who asked what so far.
    pub fn seen(&self) -> Vec<(String, Asked)> {
        self.0.seen.lock().unwrap().clone()
    }

    /// Who asked so far.
    pub fn callers(&self) -> Vec<String> {
        self.seen().into_iter().map(|(caller, _)| caller).collect()
    }

    fn called(&self, caller: &str, asked: Asked) -> Result<(), Refusal> {
        self.0.seen.lock().unwrap().push((caller.to_owned(), asked));
        self.0.refusal.clone().map_or(Ok(()), Err)
    }
}

impl Es2Plus for Fake {
    async fn download_order(
        &self,
        caller: &str,
        call: Call<DownloadOrder>,
    ) -> Result<DownloadOrderOk, Refusal> {
        self.called(caller, Asked::Download(call))?;
        Ok(messages::download_order_ok())
    }

    async fn confirm_order(&self, caller: &str, call: Call<ConfirmOrder>) -> Result<ConfirmOrderOk, Refusal> {
        self.called(caller, Asked::Confirm(call))?;
        Ok(self.0.confirmed.clone().unwrap_or_else(messages::confirm_order_ok))
    }

    async fn cancel_order(&self, caller: &str, call: Call<CancelOrder>) -> Result<(), Refusal> {
        self.called(caller, Asked::Cancel(call))
    }

    async fn release_profile(&self, caller: &str, call: Call<ReleaseProfile>) -> Result<(), Refusal> {
        self.called(caller, Asked::Release(call))
    }
}

/// An operator that remembers what it was told.
#[derive(Clone, Default)]
pub struct Told(Arc<Mutex<Vec<(CallHeader, HandleDownloadProgressInfo)>>>);

impl Told {
    pub fn reports(&self) -> Vec<(CallHeader, HandleDownloadProgressInfo)> {
        self.0.lock().unwrap().clone()
    }
}

impl ProgressReceiver for Told {
    async fn progress(&self, header: CallHeader, info: HandleDownloadProgressInfo) {
        self.0.lock().unwrap().push((header, info));
    }
}
