//! ES10a: the addresses configured in the eUICC (SGP.22 §5.7.3, §5.7.4).

use asn1::{
    EuiccConfiguredAddressesRequest, EuiccConfiguredAddressesResponse, SetDefaultDpAddressRequest,
    SetDefaultDpAddressResponse, SetDefaultDpAddressResult, Unknown, der,
};

use super::IsdR;
use crate::card::Card;
use crate::error::EuiccError;

impl<C: Card> IsdR<C> {
    /// ES10a.GetEuiccConfiguredAddresses (SGP.22 §5.7.3): default SM-DP+ and root SM-DS.
    ///
    /// # Errors
    /// [`EuiccError`], as every function here.
    pub fn get_euicc_configured_addresses(&mut self) -> Result<EuiccConfiguredAddressesResponse, EuiccError> {
        let request = der::encode(&EuiccConfiguredAddressesRequest::default());
        self.call("ES10a.GetEuiccConfiguredAddresses", &request, der::decode)
    }

    /// ES10a.SetDefaultDpAddress (SGP.22 §5.7.4); the empty string removes the address.
    ///
    /// # Errors
    /// [`EuiccError`]; that the eUICC did not do it is in the result.
    pub fn set_default_dp_address(&mut self, address: &str) -> Result<SetDefaultDpAddressResult, EuiccError> {
        let request =
            SetDefaultDpAddressRequest { default_dp_address: address.to_owned(), unknown: Unknown::none() };
        let response: SetDefaultDpAddressResponse =
            self.call("ES10a.SetDefaultDpAddress", &der::encode(&request), der::decode)?;
        Ok(response.set_default_dp_address_result)
    }
}
