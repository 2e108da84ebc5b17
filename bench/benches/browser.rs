//! A browser that signs in.

use std::net::SocketAddr;

use crate::Error;
use crate::connection::Connection;

const PATH: &str = "/desk/sign-in";

/// The session cookie of a browser in which somebody has signed in with the password, as it is sent back.
pub(crate) async fn session_cookie(
    address: SocketAddr,
    email: &str,
    password: &str,
) -> Result<String, Error> {
    let mut connection = Connection::open(address).await?;
    let page = format!("GET {PATH} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    connection.exchange(page.as_bytes()).await?;
    let keys = cookies(&connection).join("; ");
    let html = String::from_utf8_lossy(connection.body());
    let token = html.split_once("name=\"form_token\" value=\"");
    let token = token.and_then(|(_, rest)| rest.split('"').next());
    let token = token.ok_or("no form on the page that signs in")?;
    let (email, password) = (email.replace('@', "%40"), password.replace(' ', "+"));
    let form = format!("form_token={token}&email={email}&password={password}");
    let request = format!(
        "POST {PATH} HTTP/1.1\r\nHost: {address}\r\nCookie: {keys}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let status = connection.exchange(request.as_bytes()).await?;
    let session = cookies(&connection).into_iter().find(|cookie| cookie.contains("session="));
    session.ok_or_else(|| format!("the form was answered with {status}, without a session").into())
}

/// The cookies that the last answer sets.
fn cookies(connection: &Connection) -> Vec<String> {
    let set = connection.headers("set-cookie");
    set.iter().filter_map(|cookie| Some(cookie.split(';').next()?.to_owned())).collect()
}
