#include "include/CXXHash.h"
