#pragma once
#include <sodium/core.h>
#include <sodium/crypto_box.h>
