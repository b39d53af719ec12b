//! ES10b: authentication, download and notifications (SGP.22 §5.7.5 to §5.7.14, §5.7.22).

use asn1::{
    AuthenticateServerRequest, AuthenticateServerResponse, CancelSessionReason, CancelSessionRequest,
    CancelSessionResponse, DeleteNotificationStatus, EuiccInfo1, EuiccInfo2, GetEuiccChallengeRequest,
    GetEuiccChallengeResponse, GetEuiccInfo1Request, GetEuiccInfo2Request, GetRatRequest, GetRatResponse,
    ListNotificationRequest, ListNotificationResponse, NotificationMetadata, NotificationSearchCriteria,
    NotificationSentRequest, NotificationSentResponse, NotificationsListError, Octet16, PendingNotification,
    PrepareDownloadRequest, PrepareDownloadResponse, ProfileInstallationResult,
    ProfilePolicyAuthorisationRule, Raw, RetrieveNotificationsListRequest, RetrieveNotificationsListResponse,
    TransactionId, Unknown, der,
};

use super::IsdR;
use crate::card::Card;
use crate::error::EuiccError;

impl<C: Card> IsdR<C> {
    /// ES10b.GetEUICCChallenge (SGP.22 §5.7.7): opens an RSP session in the eUICC and discards an unfinished one.
    ///
    /// # Errors
    /// [`EuiccError`], as every function here; errors that the function itself knows are in its result.
    pub fn get_euicc_challenge(&mut self) -> Result<Octet16, EuiccError> {
        let request = der::encode(&GetEuiccChallengeRequest::default());
        let response: GetEuiccChallengeResponse =
            self.call("ES10b.GetEUICCChallenge", &request, der::decode)?;
        Ok(response.euicc_challenge)
    }

    /// ES10b.GetEUICCInfo (SGP.22 §5.7.8), EUICCInfo1.
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn get_euicc_info1(&mut self) -> Result<Raw<EuiccInfo1>, EuiccError> {
        let request = der::encode(&GetEuiccInfo1Request::default());
        self.call("ES10b.GetEUICCInfo1", &request, Raw::from_der)
    }

    /// ES10b.GetEUICCInfo (SGP.22 §5.7.8), EUICCInfo2.
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn get_euicc_info2(&mut self) -> Result<Raw<EuiccInfo2>, EuiccError> {
        let request = der::encode(&GetEuiccInfo2Request::default());
        self.call("ES10b.GetEUICCInfo2", &request, Raw::from_der)
    }

    /// ES10b.AuthenticateServer (SGP.22 §5.7.13).
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn authenticate_server(
        &mut self,
        request: &AuthenticateServerRequest,
    ) -> Result<Raw<AuthenticateServerResponse>, EuiccError> {
        self.call("ES10b.AuthenticateServer", &der::encode(request), Raw::from_der)
    }

    /// ES10b.PrepareDownload (SGP.22 §5.7.5).
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn prepare_download(
        &mut self,
        request: &PrepareDownloadRequest,
    ) -> Result<Raw<PrepareDownloadResponse>, EuiccError> {
        self.call("ES10b.PrepareDownload", &der::encode(request), Raw::from_der)
    }

    /// ES10b.LoadBoundProfilePackage (SGP.22 §5.7.6) with one segment of the package, as
    /// [`protocol::bpp::segments`] cuts it. `None` where the eUICC wants more; the Profile Installation Result ends
    /// it, after the last segment or at the first that fails.
    ///
    /// # Errors
    /// [`EuiccError`]; a status word other than 9000 and 91xx is one.
    pub fn load_bound_profile_package(
        &mut self,
        segment: &[u8],
    ) -> Result<Option<Raw<ProfileInstallationResult>>, EuiccError> {
        const FUNCTION: &str = "ES10b.LoadBoundProfilePackage";
        let answer = self.store_data(FUNCTION, segment)?;
        if answer.is_empty() {
            return Ok(None);
        }
        self.trace(FUNCTION, "response", &answer);
        Raw::from_der(&answer).map(Some).map_err(|error| EuiccError::malformed(FUNCTION, error))
    }

    /// ES10b.CancelSession (SGP.22 §5.7.14).
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn cancel_session(
        &mut self,
        transaction_id: &TransactionId,
        reason: CancelSessionReason,
    ) -> Result<Raw<CancelSessionResponse>, EuiccError> {
        let request =
            CancelSessionRequest { transaction_id: transaction_id.clone(), reason, unknown: Unknown::none() };
        self.call("ES10b.CancelSession", &der::encode(&request), Raw::from_der)
    }

    /// ES10b.ListNotification (SGP.22 §5.7.9), without a filter.
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn list_notification(&mut self) -> Result<Vec<NotificationMetadata>, EuiccError> {
        const FUNCTION: &str = "ES10b.ListNotification";
        let request = der::encode(&ListNotificationRequest::default());
        match self.call(FUNCTION, &request, der::decode)? {
            ListNotificationResponse::NotificationMetadataList(list) => Ok(list),
            ListNotificationResponse::ListNotificationsResultError(error) => {
                Err(EuiccError::refused(FUNCTION, error))
            }
        }
    }

    /// ES10b.RetrieveNotificationsList (SGP.22 §5.7.10): all, or those that `search_criteria` names.
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn retrieve_notifications_list(
        &mut self,
        search_criteria: Option<NotificationSearchCriteria>,
    ) -> Result<Vec<Raw<PendingNotification>>, EuiccError> {
        const FUNCTION: &str = "ES10b.RetrieveNotificationsList";
        let request = RetrieveNotificationsListRequest { search_criteria, unknown: Unknown::none() };
        match self.call(FUNCTION, &der::encode(&request), der::decode)? {
            RetrieveNotificationsListResponse::NotificationList(list) => Ok(list),
            // An empty list, as v2.1 tells it.
            RetrieveNotificationsListResponse::NotificationsListResultError(
                NotificationsListError::NO_RESULT_AVAILABLE,
            ) => Ok(Vec::new()),
            RetrieveNotificationsListResponse::NotificationsListResultError(error) => {
                Err(EuiccError::refused(FUNCTION, error))
            }
        }
    }

    /// ES10b.RemoveNotificationFromList (SGP.22 §5.7.11).
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn remove_notification_from_list(
        &mut self,
        seq_number: u64,
    ) -> Result<DeleteNotificationStatus, EuiccError> {
        let request = der::encode(&NotificationSentRequest { seq_number, unknown: Unknown::none() });
        let response: NotificationSentResponse =
            self.call("ES10b.RemoveNotificationFromList", &request, der::decode)?;
        Ok(response.delete_notification_status)
    }

    /// ES10b.GetRAT (SGP.22 §5.7.22): the Rules Authorisation Table, to be read from the top.
    ///
    /// # Errors
    /// [`EuiccError`].
    pub fn get_rat(&mut self) -> Result<Vec<ProfilePolicyAuthorisationRule>, EuiccError> {
        let request = der::encode(&GetRatRequest::default());
        let response: GetRatResponse = self.call("ES10b.GetRAT", &request, der::decode)?;
        Ok(response.rat)
    }
}
