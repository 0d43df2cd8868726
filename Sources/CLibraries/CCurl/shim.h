#pragma once
#include <curl/curl.h>

// Swift cannot call variadic functions: one typed form for each kind of argument.

static inline CURLcode launch_curl_easy_setopt_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode launch_curl_easy_setopt_offset(
    CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode launch_curl_easy_setopt_string(
    CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode launch_curl_easy_setopt_pointer(
    CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode launch_curl_easy_setopt_headers(
    CURL *handle, struct curl_slist *headers) {
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

// Also for CURLOPT_HEADERFUNCTION.
static inline CURLcode launch_curl_easy_setopt_write(
    CURL *handle, CURLoption option, curl_write_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}

static inline CURLcode launch_curl_easy_setopt_read(CURL *handle, curl_read_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_READFUNCTION, callback);
}

static inline CURLcode launch_curl_easy_setopt_prerequest(
    CURL *handle, curl_prereq_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode launch_curl_easy_setopt_ssl_context(
    CURL *handle, curl_ssl_ctx_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, callback);
}

static inline CURLcode launch_curl_easy_getinfo_certificates(
    CURL *handle, struct curl_certinfo **certificates) {
    return curl_easy_getinfo(handle, CURLINFO_CERTINFO, certificates);
}

static inline CURLMcode launch_curl_multi_setopt_long(
    CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}
