#include "include/CImageCodecs.h"
